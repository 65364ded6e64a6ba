/// Names of metadata that several places write.
package enum LogKeys {
    /// The W3C trace id.
    package static let trace = "trace"
}
