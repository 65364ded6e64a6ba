import Foundation
import Models
import Support

/// A county, a town, and twenty communities with an area each, side by side; and reports of incidents in them.
enum BenchmarkCounty {
    static let communities = 20

    /// The code of a community's division.
    static func code(_ index: Int) -> String { "532923100\(101 + index)" }

    /// Lays divisions and grids.
    ///
    /// - Parameter post: sends a body to a path as the county's administrator and gives the status.
    static func lay(_ post: (_ path: String, _ body: String) async throws -> Int) async throws {
        var divisions = [
            #"{"row":1,"fields":{"code":"532923","name":"县","level":"county"}}"#,
            #"{"row":2,"fields":{"code":"532923100","name":"镇","level":"town","parentCode":"532923"}}"#,
        ]
        var grids: [String] = []
        for index in 0..<communities {
            divisions.append(
                """
                {"row":\(index + 3),"fields":{"code":"\(code(index))","name":"社区","level":"community",\
                "parentCode":"532923100","kind":"urbanCommunity","households":1000}}
                """)
            let (west, east) = (100.5 + Double(index) * 0.01, 100.5 + Double(index + 1) * 0.01)
            grids.append(
                """
                {"row":\(index + 1),"fields":{"code":"\(code(index))001","name":"责任区","level":"area",\
                "parentCode":"\(code(index))","boundary":"POLYGON((\(west) 25.4,\(east) 25.4,\(east) 25.5,\(west) 25.5,\
                \(west) 25.4))"}}
                """)
        }
        for (path, rows) in [("/v1/divisions/bulk", divisions), ("/v1/grids/bulk", grids)] {
            let status = try await post(path, #"{"rows":["# + rows.joined(separator: ",") + "]}")
            guard status == 200 else { throw BenchmarkFailure("\(path) answered \(status)") }
        }
    }

    /// A report of an incident somewhere in a community.
    static func report(in community: Int) -> String {
        let longitude = 100.5 + Double(community) * 0.01 + Double.random(in: 0.0001..<0.0099)
        return """
            {"function":"emergencyManagement","title":"井盖缺失","description":"群众反映,请尽快处理。",\
            "longitude":\(longitude),"latitude":25.45,"source":"resident","urgency":"ordinary"}
            """
    }

    /// Many reports, each with the token of its community's desk.
    static func reports(_ token: (Role, String) throws -> String) throws -> [LoadPlan.Sample] {
        try (0..<communities).flatMap { index in
            let desk = try token(.communityDesk, code(index))
            return (0..<50).map { _ in
                LoadPlan.Sample(token: desk, body: report(in: index), grid: code(index))
            }
        }
    }
}
