import Foundation

/// The one-page digest as the cloud gateway answers it.
package struct DigestAnswer: Decodable, Sendable, Equatable {
    /// One figure.
    package struct Figure: Decodable, Sendable, Equatable {
        /// A whole number, or a percentage; nil where there is nothing to take a share of.
        package let value: Double?
        /// `exact`, or the word that a report says the figure with.
        package let qualifier: String?
        /// What it counts, in Chinese.
        package let label: String?
        /// What it counts, in English.
        package let labelEn: String?
        /// The value as a report says it.
        package let text: String?
        /// The counts of a share.
        package let numerator: Int?
        package let denominator: Int?
        /// The parts of a count.
        package let parts: [String: Int]?
    }

    /// Incidents.
    package struct Incidents: Codable, Sendable, Equatable {
        /// All of them.
        package let total: Int
        /// By the five functions.
        package let byFunction: [String: Int]
    }

    /// Grids.
    package struct Grids: Codable, Sendable, Equatable {
        /// Responsibility areas 责任区.
        package let areas: Int
        /// Service groups 服务小组.
        package let groups: Int
        /// Groups with 1+1+N.
        package let onePlusOnePlusNComplete: Int
        /// Areas with the three staff 三员.
        package let threeStaffComplete: Int
    }

    /// All figures by name.
    package struct Figures: Decodable, Sendable, Equatable {
        /// `N01` and its likes.
        package let numbered: [String: Figure]
        /// Incidents.
        package let incidents: Incidents
        /// Grids.
        package let grids: Grids

        private struct Name: CodingKey {
            let stringValue: String
            var intValue: Int? { nil }
            init(stringValue: String) { self.stringValue = stringValue }
            init?(intValue: Int) { nil }
        }

        package init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: Name.self)
            incidents = try container.decode(Incidents.self, forKey: Name(stringValue: "incidents"))
            grids = try container.decode(Grids.self, forKey: Name(stringValue: "grids"))
            var numbered: [String: Figure] = [:]
            for key in container.allKeys where key.stringValue.first == "N" {
                numbered[key.stringValue] = try container.decode(Figure.self, forKey: key)
            }
            self.numbered = numbered
        }
    }

    /// The county.
    package let county: String
    /// The day of the figures.
    package let asOf: String?
    /// When the figures were read from the gateway's tables: incidents and grids are as of then.
    package let readAt: Date?
    /// The version of the definitions.
    package let formulaVersion: String
    /// The figures.
    package let figures: Figures
    /// What a reader must know of them.
    package let footnote: String?
    package let footnoteEn: String?
}
