import Postgres
import Testing

@Suite("The ring buffer")
struct RingBufferTests {
    @Test(arguments: 0..<20)
    func `it behaves as an array does`(_ seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var buffer = RingBuffer<Int>()
        var model: [Int] = []
        for number in 0..<500 {
            switch Int.random(in: 0..<5, using: &random) {
            case 0, 1, 2:
                buffer.append(number)
                model.append(number)
            case 3:
                #expect(buffer.popFirst() == (model.isEmpty ? nil : model.removeFirst()))
            default:
                let wanted = Int.random(in: 0...number, using: &random)
                let place = model.firstIndex(of: wanted)
                let removed = buffer.removeFirst { $0 == wanted }
                #expect(removed == place.map { model.remove(at: $0) })
            }
            #expect(buffer.count == model.count)
            #expect(buffer.first == model.first)
        }
        #expect(buffer.removeAll() == model)
        #expect(buffer.isEmpty)
    }
}
