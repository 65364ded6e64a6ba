import Hummingbird
import Logging
import NIOCore

/// The router of a service.
///
/// Routes are given with their whole path, `/v1/incidents`.
package typealias SuiteRouter = Router<SuiteRequestContext>

/// What a route knows of a request beside the request itself.
package struct SuiteRequestContext: RequestContext {
    package var coreContext: CoreRequestContextStorage
    /// The trace and the place in it of this request.
    package var traceparent: Traceparent
    /// The language of the answer's texts.
    package var language: ProblemLanguage
    /// The largest body in bytes that is read.
    package var bodyBytesMax: Int
    /// The connection, for answers that must end it themselves.
    let channel: any Channel

    package init(source: ApplicationRequestContextSource) {
        channel = source.channel
        coreContext = CoreRequestContextStorage(source: source)
        // The pipeline puts in the values of the request; these are those of a context made without one.
        traceparent = .incoming(nil)
        language = .chinese
        bodyBytesMax = 4 << 20
    }

    package var requestDecoder: SuiteDecoder { SuiteDecoder() }
    package var responseEncoder: SuiteEncoder { SuiteEncoder() }
    package var maxUploadSize: Int { bodyBytesMax }
}
