import Kafka
import Testing

struct BrokerAddressRewriterTests {
    private func address(_ port: UInt16) -> [UInt8] {
        [0, 9] + Array("127.0.0.1".utf8) + [0, 0, UInt8(port >> 8), UInt8(port & 0xff)]
    }

    private func answer(_ body: [UInt8]) -> [UInt8] {
        [0, 0, UInt8(body.count >> 8), UInt8(body.count & 0xff)] + body
    }

    @Test func `the broker's address is replaced wherever it stands, others are left`() {
        var rewriter = BrokerAddressRewriter(brokerPort: 40_001, advertisedPort: 9_092)
        let sent = answer([1, 2] + address(40_001) + address(40_002) + [0] + address(40_001))
        let expected = answer([1, 2] + address(9_092) + address(40_002) + [0] + address(9_092))
        #expect(rewriter.rewrite(sent[...]) == expected)
    }

    @Test(arguments: 1...23)
    func `pieces of any size give the same bytes, and nothing of a whole answer stays behind`(size: Int) {
        var rewriter = BrokerAddressRewriter(brokerPort: 40_001, advertisedPort: 9_092)
        let answers: [[UInt8]] = [
            [0], [0, 9], address(40_001), [7] + address(40_001) + [0, 0], Array(address(40_001).dropLast()), [],
        ]
        for body in answers {
            let sent = answer(body)
            var received: [UInt8] = []
            for start in stride(from: 0, to: sent.count, by: size) {
                received += rewriter.rewrite(sent[start..<min(start + size, sent.count)])
            }
            if body.count < address(40_001).count {
                #expect(received == sent)
            } else {
                #expect(received.count == sent.count)
                #expect(!received.contains(address(40_001)) && received.contains(address(9_092)))
            }
        }
    }
}
