extension Problem {
    /// 431: the header is larger than the limit, or has too many fields.
    package static let headerTooLarge = Problem(.headerTooLarge)

    /// 400: what came is not HTTP.
    package static let noRequest = Problem.malformed(
        BilingualText("不是有效的 HTTP 请求", "it is not a valid HTTP request"))
}
