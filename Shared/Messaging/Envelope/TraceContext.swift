/// The trace that the present task works in, so that an event can say in which request it came about.
package enum TraceContext {
    /// A W3C `traceparent` value, or nil outside a traced task.
    @TaskLocal package static var traceparent: String?
}
