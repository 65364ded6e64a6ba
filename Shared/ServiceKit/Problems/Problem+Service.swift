extension Problem {
    /// 503: something that the service needs is away.
    package static func unavailable(retryAfter: Duration = .seconds(2)) -> Problem {
        Problem(
            .unavailable, detail: BilingualText("所依赖的数据库或消息代理暂时连接不上", "its database or broker cannot be reached"),
            retryAfter: retryAfter)
    }

    /// 503: more requests than the service takes at a time.
    package static func overloaded(retryAfter: Duration = .seconds(1)) -> Problem {
        Problem(.overloaded, retryAfter: retryAfter)
    }

    /// 503: the request took longer than the limit; what it changed is unknown unless it had an idempotency key.
    package static let timedOut = Problem(.timedOut, retryAfter: .seconds(1))

    /// 503: the answer to COMMIT was lost, so nobody knows whether the change was made.
    package static let outcomeUnknown = Problem(.outcomeUnknown, retryAfter: .seconds(1))

    /// 500: a mistake of ours.
    ///
    /// It says nothing of the inside; the log has the rest under the trace id.
    package static let internalError = Problem(.internalError)
}
