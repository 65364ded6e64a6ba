extension ProblemKind {
    /// The kinds that every service has.
    package static let common: [ProblemKind] = [
        .malformed, .idempotencyKeyRequired, .tokenMissing, .tokenInvalid, .forbidden, .notFound, .methodNotAllowed,
        .preconditionFailed,
        .tooLarge, .headerTooLarge, .unsupportedMediaType, .invalid, .idempotencyMismatch, .preconditionRequired,
        .internalError,
        .overloaded, .unavailable, .timedOut, .outcomeUnknown, .sameCluster, .relayActive, .sealerActive, .readersAhead,
        .notFirst, .unreadable,
    ]

    // MARK: - Requests

    static let malformed = ProblemKind(
        400, "malformed", title: BilingualText("请求无法解析", "The request cannot be read"),
        meaning: BilingualText(
            "正文不是有效的 JSON，或字段、查询参数、请求头的类型或格式不对；faults 指出是哪一个。",
            "The body is not valid JSON, or a field, query item or header is of another type or form; faults name it."),
        next: BilingualText("按接口文档修正后重试", "Correct it as the interface says and try again"))

    static let idempotencyKeyRequired = ProblemKind(
        400, "idempotency-key-required", title: BilingualText("缺少 Idempotency-Key", "The Idempotency-Key is missing"),
        meaning: BilingualText(
            "此操作新建内容，须带 Idempotency-Key，以便重复发送也只生效一次。",
            "The operation creates something, so it takes a key under which it has its effect once, however often it is sent."
        ),
        next: BilingualText(
            "为每个新请求生成一个 Idempotency-Key，重试时用同一个",
            "Make a new Idempotency-Key for each new request and keep it when trying again"))

    static let tokenMissing = ProblemKind(
        401, "token-missing", title: BilingualText("需要登录", "A token is needed"),
        meaning: BilingualText("请求没有携带令牌。", "The request has no bearer token."),
        next: BilingualText("登录后重试", "Sign in and retry with Authorization: Bearer <token>"))

    static let tokenInvalid = ProblemKind(
        401, "token-invalid", title: BilingualText("令牌无效", "The token is not valid"),
        meaning: BilingualText(
            "令牌格式、签名、签发者、受众或有效期不符；detail 说明是哪一项。",
            "Form, signature, issuer, audience or time of the token are not right; the detail says which."),
        next: BilingualText("重新登录后重试", "Sign in again and retry with Authorization: Bearer <token>"))

    static let forbidden = ProblemKind(
        403, "forbidden", title: BilingualText("没有权限", "Not allowed"),
        meaning: BilingualText(
            "已知是谁，但其角色都不能执行此操作。管辖范围以外的内容按“未找到”答复。",
            "The caller is known, but none of his roles opens the route. What lies outside his scope is answered as not found."
        ),
        next: BilingualText("请向管理员申请相应角色", "Ask an administrator for the role"))

    static let notFound = ProblemKind(
        404, "not-found", title: BilingualText("未找到", "Not found"),
        meaning: BilingualText(
            "没有这个地址或这项内容，或它不在调用者的管辖范围内。",
            "There is no such address or thing, or it lies outside the caller's scope."),
        next: BilingualText("检查地址和编号", "Check the address and the id"))

    static let methodNotAllowed = ProblemKind(
        405, "method-not-allowed", title: BilingualText("此地址没有这个方法", "The address has no such method"),
        meaning: BilingualText(
            "地址存在，但不支持所用的方法；Allow 列出支持的方法。",
            "The address exists, but not with this method; Allow names those that it has."),
        next: BilingualText("按接口文档改用 Allow 中的方法", "Use a method that Allow names, as the interface says"))

    static let preconditionFailed = ProblemKind(
        412, "precondition-failed", title: BilingualText("内容已被他人修改", "It was changed in the meantime"),
        meaning: BilingualText(
            "If-Match 中的版本不是当前版本：读取之后有人修改过。",
            "The version in If-Match is not the present one: somebody changed it since it was read."),
        next: BilingualText("重新读取，用新的 ETag 再提交", "Read it again and send the new ETag"))

    static let tooLarge = ProblemKind(
        413, "too-large", title: BilingualText("请求正文过大", "The body is too large"),
        meaning: BilingualText("正文超过服务的上限。", "The body is larger than the service takes."),
        next: BilingualText("分批提交", "Send it in parts"))

    static let headerTooLarge = ProblemKind(
        431, "header-too-large", title: BilingualText("请求头过大", "The header is too large"),
        meaning: BilingualText(
            "请求头超过服务的上限，或字段过多；请求未被解析，连接随后关闭。",
            "The header is larger than the service takes, or has too many fields; the request was not read, and the connection ends."
        ),
        next: BilingualText("减少 Cookie 等请求头", "Send fewer or shorter header fields"))

    static let unsupportedMediaType = ProblemKind(
        415, "unsupported-media-type",
        title: BilingualText("不支持的内容类型", "The media type is not supported"),
        meaning: BilingualText(
            "正文不是该接口接受的类型，多数接口只接受 JSON。", "The body is of a type that the route does not take; most take JSON alone."),
        next: BilingualText(
            "按接口文档填写 Content-Type，多数为 application/json",
            "Send the Content-Type that the route takes, mostly application/json"))

    static let invalid = ProblemKind(
        422, "invalid", title: BilingualText("内容不符合要求", "The content breaks a rule"),
        meaning: BilingualText(
            "请求可以解析，但字段不符合规则；faults 逐一列出字段和代码。",
            "The request can be read, but fields break rules; faults list each field with a stable code."),
        next: BilingualText("修正所列字段后重试", "Correct the fields listed and try again"))

    static let idempotencyMismatch = ProblemKind(
        422, "idempotency-mismatch",
        title: BilingualText("Idempotency-Key 已用于另一请求", "The Idempotency-Key was used for another request"),
        meaning: BilingualText(
            "同一调用者在 7 天内用同一个键发送过不同的正文。",
            "The same caller sent another body under the same key within the last seven days."),
        next: BilingualText("为新请求换一个新的 Idempotency-Key", "Use a new Idempotency-Key for a new request"))

    static let preconditionRequired = ProblemKind(
        428, "precondition-required", title: BilingualText("缺少 If-Match", "If-Match is missing"),
        meaning: BilingualText(
            "修改须说明所依据的版本，以免覆盖他人的修改。",
            "A change must say which version it changes, so that nobody's change is overwritten unseen."),
        next: BilingualText("把读取时得到的 ETag 放入 If-Match", "Send the ETag that you read as If-Match"))

    // MARK: - The service

    static let internalError = ProblemKind(
        500, "internal", title: BilingualText("内部错误", "Internal error"),
        meaning: BilingualText(
            "系统自身的错误。答复不含内部信息，日志中可按 traceId 查到。",
            "A mistake of ours. The answer says nothing of the inside; the log has the rest under the traceId."),
        next: BilingualText("如持续出现，请把 traceId 告诉管理员", "If it goes on, tell the administrator the traceId"))

    static let overloaded = ProblemKind(
        503, "overloaded", title: BilingualText("服务繁忙", "The service is busy"),
        meaning: BilingualText(
            "正在处理的请求已达上限，此请求未被处理。",
            "There are as many requests in hand as the service takes; this one was not begun."),
        next: BilingualText("稍后重试", "Try again later"))

    static let unavailable = ProblemKind(
        503, "unavailable", title: BilingualText("服务暂不可用", "The service is not available now"),
        meaning: BilingualText(
            "所依赖的数据库、消息代理或令牌公钥暂时不可用。",
            "Its database, its broker or the keys that tokens are checked with cannot be reached."),
        next: BilingualText("稍后重试", "Try again later"))

    static let timedOut = ProblemKind(
        503, "timed-out", title: BilingualText("处理超时", "The request took too long"),
        meaning: BilingualText(
            "处理时间超过上限；除非带有 Idempotency-Key，修改是否生效不能确定。",
            "It took longer than the limit; whether a change was made is only sure with an Idempotency-Key."),
        next: BilingualText("用同一 Idempotency-Key 重试", "Try again with the same Idempotency-Key"))

    static let outcomeUnknown = ProblemKind(
        503, "outcome-unknown",
        title: BilingualText("结果未知，可能已生效", "The outcome is unknown; it may have taken effect"),
        meaning: BilingualText(
            "提交事务时与数据库失去联系，不知道是否已生效。",
            "The database was lost while the transaction was committed, so nobody knows whether it was."),
        next: BilingualText("用同一 Idempotency-Key 重试以得到确定结果", "Try again with the same Idempotency-Key to be sure"))

    // MARK: - Messaging

    static let sameCluster = ProblemKind(
        409, "same-cluster", title: BilingualText("数据库仍在原集群", "The database lies where it was"),
        meaning: BilingualText(
            "只有恢复到另一集群的数据库才须重新定位中继和审计链。",
            "Only a database that was restored into another cluster is taken up anew."),
        next: BilingualText("无须处理", "Nothing is to be done"))

    static let relayActive = ProblemKind(
        409, "relay-active", title: BilingualText("中继正在运行", "A relay is active"),
        meaning: BilingualText("中继正在发送，不能重新定位。", "A relay is sending, so it cannot be taken up anew."),
        next: BilingualText("无须处理", "Nothing is to be done"))

    static let sealerActive = ProblemKind(
        409, "sealer-active", title: BilingualText("封条程序正在运行", "A sealer is active"),
        meaning: BilingualText(
            "审计记录正在封存，不能重新定位。", "The audit trail is being sealed, so it cannot be taken up anew."),
        next: BilingualText("无须处理", "Nothing is to be done"))

    static let readersAhead = ProblemKind(
        409, "readers-ahead", title: BilingualText("读者已读过本库没有的事件", "Readers are ahead of the database"),
        meaning: BilingualText(
            "备份早于已发出的事件，继续会使编号重复。",
            "The backup is older than what was sent, so that numbers would be given twice."),
        next: BilingualText("改用更新的备份", "Restore a newer backup"))

    static let notFirst = ProblemKind(
        409, "not-first", title: BilingualText("须先处理同一对象的较早事件", "An earlier event of the same key comes first"),
        meaning: BilingualText(
            "同一对象的事件按顺序处理，前面还有搁置的事件。",
            "Events of one key are settled in order, and another stands before this one."),
        next: BilingualText("先处理 detail 中的事件", "Settle the event that the detail names"))

    static let unreadable = ProblemKind(
        409, "unreadable", title: BilingualText("该记录无法解析", "The record is no event"),
        meaning: BilingualText("搁置的记录不是事件，不能重试。", "What was parked is no event, so it cannot be tried again."),
        next: BilingualText("说明原因后跳过", "Skip it with a reason"))
}
