import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdCore

/// A part of a list, cut by key: after the last item that the caller has seen, so that it is stable under writes.
package struct PageRequest: Sendable, Hashable {
    /// Most items of a page.
    package static let limitMax = 500
    /// Items of a page when the caller does not say.
    package static let limitDefault = 50

    /// How many items at most, `1 ... 500`.
    package let limit: Int
    /// The keys of the last item seen, in the order of sorting; nil for the first page.
    package let after: [String]?

    /// Makes a request.
    package init(limit: Int = limitDefault, after: [String]? = nil) {
        self.limit = min(max(1, limit), Self.limitMax)
        self.after = after
    }

    /// Reads `limit` and `cursor` of a query.
    ///
    /// - Parameter keys: how many keys a cursor of this list has.
    /// - Throws: a 400 problem.
    package init(_ request: Request, keys: Int = 1) throws {
        let limit = try request.query("limit") { text in
            Int(text).flatMap { (1...Self.limitMax).contains($0) ? $0 : nil }
        }
        let after = try request.query("cursor") { text in
            PageCursor.decode(text).flatMap { $0.count == keys ? $0 : nil }
        }
        self.init(limit: limit ?? Self.limitDefault, after: after)
    }

    /// How many rows to ask the database for: one more than the limit shows whether there is a next page.
    package var fetchLimit: Int { limit + 1 }
}

/// The keys of an item as one word for URLs: base64url of a JSON array.
///
/// It holds nothing that the list does not show.
package enum PageCursor {
    /// Writes keys.
    package static func encode(_ keys: [String]) throws -> String {
        Data(try SuiteJSON.encode(keys)).base64EncodedString()
            .replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
    }

    /// Reads keys; nil when the word is not a cursor.
    package static func decode(_ cursor: String) -> [String]? {
        guard cursor.utf8.count <= 1024 else { return nil }
        var text = cursor.replacing("-", with: "+").replacing("_", with: "/")
        while text.utf8.count % 4 != 0 { text.append("=") }
        guard let data = Data(base64Encoded: text) else { return nil }
        // Anything that is not an array of texts is simply no cursor.
        return try? JSONDecoder().decode([String].self, from: data)
    }
}

/// A page of a list, `{"items": […], "next": "<cursor>"}` with a `Link` header to the next page (RFC 8288).
package struct Page<Item: Encodable & Sendable>: Encodable, Sendable {
    /// The items, at most the limit.
    package let items: [Item]
    /// The cursor of the next page; nil on the last one.
    package let next: String?

    /// Makes a page of the rows that were fetched with `PageRequest.fetchLimit`.
    ///
    /// - Parameter keys: the keys of an item, in the order of sorting.
    package init(fetched: [Item], for request: PageRequest, keys: (Item) -> [String]) throws {
        items = Array(fetched.prefix(request.limit))
        next = fetched.count > request.limit ? try items.last.map { try PageCursor.encode(keys($0)) } : nil
    }

    private init(items: [Item], next: String?) {
        self.items = items
        self.next = next
    }

    /// The same page with items in another form, for example as the bodies of answers.
    package func map<Other: Encodable & Sendable>(_ transform: (Item) throws -> Other) rethrows -> Page<Other> {
        Page<Other>(items: try items.map(transform), next: next)
    }
}

/// An answer that is a page: it links to the next one.
package protocol PagedAnswer: Encodable, ResponseGenerator, Sendable {
    /// The cursor of the next page; nil on the last one.
    var next: String? { get }
}

extension PagedAnswer {
    /// The page as JSON with its `Link`.
    package func response(from request: Request, context: some RequestContext) throws -> Response {
        var response = try context.responseEncoder.encode(self, from: request, context: context)
        if let next { response.headers[.link] = PageLink.header(next: next, of: request.uri) }
        return response
    }
}

extension Page: PagedAnswer {}

/// The `Link` header of a page.
package enum PageLink {
    /// The same address with another cursor, `</v1/x?limit=50&cursor=…>; rel="next"`.
    package static func header(next cursor: String, of uri: URI) -> String {
        let others = (uri.query ?? "").split(separator: "&").filter { !$0.hasPrefix("cursor=") && $0 != "cursor" }
        let query = (others.map(String.init) + ["cursor=\(cursor)"]).joined(separator: "&")
        return "<\(uri.path)?\(query)>; rel=\"next\""
    }
}
