import Models

/// Asks grid-operations about places and incidents.
package struct GridClient: Sendable {
    /// Whom it asks through.
    package let client: ServiceClient

    /// A part of a list.
    package struct Page<Item: Decodable & Sendable>: Decodable, Sendable {
        /// The items.
        package let items: [Item]
        /// The cursor of the next part.
        package let next: String?
    }

    /// A division, as far as the command line needs it.
    package struct Division: Decodable, Sendable {
        package let code: String
        package let name: String
        package let level: String
        package let kind: String?
    }

    /// A grid.
    package struct Grid: Decodable, Sendable {
        package let code: String
        package let name: String?
        package let boundary: String?
    }

    /// Who holds what in a grid.
    package struct Assignment: Decodable, Sendable {
        package let role: String
        package let personID: String?
    }

    /// An incident.
    package struct Incident: Decodable, Sendable {
        package let id: String
        package let number: String
        package let gridCode: String
        package let state: String
        package let version: Int
    }

    /// A list of which the items may stand alone or in a page.
    private struct Items<Item: Decodable & Sendable>: Decodable, Sendable {
        let items: [Item]

        private enum CodingKeys: String, CodingKey { case items }

        init(from decoder: any Decoder) throws {
            // Without an unkeyed container it is a page and no bare list.
            if var list = try? decoder.unkeyedContainer() {
                var items: [Item] = []
                while !list.isAtEnd { items.append(try list.decode(Item.self)) }
                self.items = items
            } else {
                items = try decoder.container(keyedBy: CodingKeys.self).decode([Item].self, forKey: .items)
            }
        }
    }

    /// Villages and communities, urban communities first.
    package func communities() async throws -> [Division] {
        var found: [Division] = []
        var cursor: String?
        repeat {
            let path = "/v1/divisions?limit=500" + (cursor.map { "&cursor=\($0)" } ?? "")
            let page = try await client.send(.get(.gridOperations, path), as: Page<Division>.self)
            found += page.items.filter { $0.level == "community" }
            cursor = page.next
        } while cursor != nil
        func isUrban(_ division: Division) -> Bool {
            ["urbanCommunity", "convertedFromVillage"].contains(division.kind)
        }
        return found.filter(isUrban) + found.filter { !isUrban($0) }
    }

    /// The responsibility areas of a community.
    package func areas(of community: String) async throws -> [Grid] {
        try await client.send(
            .get(.gridOperations, "/v1/grids?community=\(community)&level=area&limit=100"), as: Page<Grid>.self
        ).items
    }

    /// One grid with its boundary.
    package func grid(_ code: String) async throws -> Grid {
        try await client.send(.get(.gridOperations, "/v1/grids/\(code)"), as: Grid.self)
    }

    /// Who staffs a grid.
    package func assignments(of grid: String) async throws -> [Assignment] {
        try await client.send(.get(.gridOperations, "/v1/grids/\(grid)/assignments"), as: Items<Assignment>.self).items
    }

    /// The smallest grid around a point.
    package func locate(longitude: Double, latitude: Double) async throws -> Grid {
        try await client.send(
            .get(.gridOperations, "/v1/grids/locate?longitude=\(longitude)&latitude=\(latitude)"), as: Grid.self)
    }

    /// A report of something.
    package struct Report: Encodable, Sendable {
        package var function: String
        package var title: String
        package var description: String
        package var longitude: Double
        package var latitude: Double
        package var source: String
        package var urgency: String
        package var reporterID: String
    }

    /// Reports an incident; the key makes it safe to repeat.
    package func report(_ report: Report, key: String) async throws -> Incident {
        try await client.send(
            .post(.gridOperations, "/v1/incidents", body: try ServiceJSON.encode(report), idempotencyKey: key),
            as: Incident.self)
    }

    /// What a step of an incident may say.
    package struct Step: Encodable, Sendable {
        package var actor: String = ""
        package var function: String?
        package var organisation: String?
        package var result: String?
        package var passed: Bool?
        package var method: String?
    }

    /// Takes an incident a step on, unless somebody changed it since it was read.
    package func advance(_ incident: Incident, _ action: String, _ step: Step) async throws -> Incident {
        try await client.send(
            .post(
                .gridOperations, "/v1/incidents/\(incident.id)/\(action)", body: try ServiceJSON.encode(step),
                ifMatch: "\"\(incident.version)\""), as: Incident.self)
    }
}

/// Reads inboxes.
package struct InboxClient: Sendable {
    /// Whom it asks through.
    package let client: ServiceClient

    /// A message.
    package struct Message: Decodable, Sendable {
        package let template: String
        package let title: String
        package let body: String
        package let incidentID: String?
    }

    /// The newest messages of a person.
    package func messages(of person: String) async throws -> [Message] {
        try await client.send(
            .get(.notifications, "/v1/inbox/\(person)?limit=50"), as: GridClient.Page<Message>.self
        ).items
    }
}
