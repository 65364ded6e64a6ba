import Hummingbird
import Logging
import Models
import NIOCore

/// What a route knows of a request beside the request itself.
package struct SuiteRequestContext: RequestContext {
    package var coreContext: CoreRequestContextStorage
    /// The trace and the place in it of this request.
    package var traceparent: Traceparent
    /// The language of the answer's texts.
    package var language: ProblemLanguage
    /// The largest body in bytes that is read.
    package var bodyBytesMax: Int
    /// Who asks; nil on a route that is open.
    package var caller: Caller?
    /// What the caller may see and change, by those of his roles that the route allows.
    ///
    /// It goes with every call of a use case.
    package var scope: ScopeFilter
    /// The connection, for answers that must end it themselves.
    let channel: any Channel

    package init(source: ApplicationRequestContextSource) {
        channel = source.channel
        coreContext = CoreRequestContextStorage(source: source)
        // The pipeline puts in the values of the request; these are those of a context made without one.
        traceparent = .incoming(nil)
        language = .chinese
        bodyBytesMax = 4 << 20
        caller = nil
        scope = .nothing
    }

    package var requestDecoder: SuiteDecoder { SuiteDecoder() }
    package var responseEncoder: SuiteEncoder { SuiteEncoder() }
    package var maxUploadSize: Int { bodyBytesMax }
}
