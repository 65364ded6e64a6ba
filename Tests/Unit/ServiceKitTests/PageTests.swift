import HummingbirdCore
import ServiceKit
import Testing

struct PageTests {
    @Test(arguments: [["2021-05-01T07:50:00.000Z", "019"], ["杨"], [], ["a+/=?&"]])
    func `a cursor holds keys and is fit for a URL`(_ keys: [String]) throws {
        let cursor = try PageCursor.encode(keys)
        #expect(PageCursor.decode(cursor) == keys)
        #expect(cursor.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-" || $0 == "_") })
    }

    @Test(arguments: ["!", "abc", "e30", String(repeating: "A", count: 2000)])
    func `what is not a cursor is not read`(_ text: String) { #expect(PageCursor.decode(text) == nil) }

    @Test func `one row more than the limit makes a next page that begins after the last item shown`() throws {
        let request = PageRequest(limit: 2)
        #expect(request.fetchLimit == 3)
        let page = try Page(fetched: [1, 2, 3], for: request) { ["\($0)"] }
        #expect(page.items == [1, 2])
        #expect(page.next.flatMap(PageCursor.decode) == ["2"])
        let last = try Page(fetched: [3, 4], for: request) { ["\($0)"] }
        #expect(last.items == [3, 4] && last.next == nil)
        let mapped = page.map { "\($0)" }
        #expect(mapped.items == ["1", "2"] && mapped.next == page.next)
    }

    @Test func `the limit stays within bounds`() {
        #expect(PageRequest(limit: 0).limit == 1)
        #expect(PageRequest(limit: 100_000).limit == PageRequest.limitMax)
    }

    @Test(arguments: [
        ("/v1/x", "</v1/x?cursor=C>; rel=\"next\""),
        ("/v1/x?limit=5&state=open", "</v1/x?limit=5&state=open&cursor=C>; rel=\"next\""),
        ("/v1/x?cursor=B&limit=5", "</v1/x?limit=5&cursor=C>; rel=\"next\""),
    ])
    func `the link keeps the other items of the query`(_ uri: String, _ header: String) {
        #expect(PageLink.header(next: "C", of: URI(uri)) == header)
    }
}
