extension Problem {
    /// 503: something that the service needs is away.
    package static func unavailable(retryAfter: Duration = .seconds(2)) -> Problem {
        Problem(
            status: 503, slug: "unavailable", title: BilingualText("服务暂不可用", "The service is not available now"),
            detail: BilingualText("所依赖的数据库或消息代理暂时连接不上", "its database or broker cannot be reached"),
            next: BilingualText("稍后重试", "Try again later"), retryAfter: retryAfter)
    }

    /// 503: more requests than the service takes at a time.
    package static func overloaded(retryAfter: Duration = .seconds(1)) -> Problem {
        Problem(
            status: 503, slug: "overloaded", title: BilingualText("服务繁忙", "The service is busy"),
            next: BilingualText("稍后重试", "Try again later"), retryAfter: retryAfter)
    }

    /// 503: the request took longer than the limit; what it changed is unknown unless it had an idempotency key.
    package static let timedOut = Problem(
        status: 503, slug: "timed-out", title: BilingualText("处理超时", "The request took too long"),
        next: BilingualText("用同一 Idempotency-Key 重试", "Try again with the same Idempotency-Key"),
        retryAfter: .seconds(1))

    /// 503: the answer to COMMIT was lost, so nobody knows whether the change was made.
    package static let outcomeUnknown = Problem(
        status: 503, slug: "outcome-unknown",
        title: BilingualText("结果未知，可能已生效", "The outcome is unknown; it may have taken effect"),
        next: BilingualText("用同一 Idempotency-Key 重试以得到确定结果", "Try again with the same Idempotency-Key to be sure"),
        retryAfter: .seconds(1))

    /// 500: a mistake of ours.
    ///
    /// It says nothing of the inside; the log has the rest under the trace id.
    package static let internalError = Problem(
        status: 500, slug: "internal", title: BilingualText("内部错误", "Internal error"),
        next: BilingualText("如持续出现，请把 traceId 告诉管理员", "If it goes on, tell the administrator the traceId"))
}
