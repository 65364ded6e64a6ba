extension Problem {
    /// 431: the header is larger than the limit, or has too many fields.
    package static let headerTooLarge = Problem(
        status: 431, slug: "header-too-large", title: BilingualText("请求头过大", "The header is too large"),
        next: BilingualText("减少 Cookie 等请求头", "Send fewer or shorter header fields"))

    /// 400: what came is not HTTP.
    package static let unreadable = Problem.malformed(
        BilingualText("不是有效的 HTTP 请求", "it is not a valid HTTP request"))
}
