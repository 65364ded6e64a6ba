/// Who does something, and in which operation: what the audit trail writes down beside a change or a read.
///
/// It travels with the task (`Actor.current`), so that no use case has to pass it on. A request's actor is set by the
/// kit once the token has been checked; readers, clocks and jobs act as the service itself.
package struct Actor: Sendable, Hashable, Codable {
    /// What kind of actor it is.
    package enum Kind: String, Sendable, Codable {
        /// A person with a token.
        case person
        /// A program of others with an API key.
        case apiKey
        /// The service itself: a reader of topics, a clock, a job.
        case service
        /// Nobody who said who he is, on a route that is open to all.
        case anonymous
    }

    /// What kind of actor it is.
    package var kind: Kind
    /// The token's subject, which is the identity provider's id of the person and never a name; of a service, its
    /// name; of an API key, its id.
    package var subject: String
    /// The roles by which the operation was allowed, as the token names them.
    package var roles: [String]
    /// The operation: method and path pattern of the route, such as `POST /v1/incidents`, or the name of a job.
    package var operation: String
    /// The purpose that the caller gave (DOMAIN 4.4), where the operation asks for one.
    package var purpose: String?

    /// Gathers what is known.
    package init(kind: Kind, subject: String, roles: [String] = [], operation: String, purpose: String? = nil) {
        self.kind = kind
        self.subject = subject
        self.roles = roles
        self.operation = operation
        self.purpose = purpose
    }

    /// The actor of the present task; nil outside requests and jobs, where the service acts.
    @TaskLocal package static var current: Actor?
}
