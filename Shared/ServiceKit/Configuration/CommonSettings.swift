/// The settings that every service has.
package enum CommonSettings {
    /// Describes them; the port differs by service.
    package static func descriptions(defaultPort: Int) -> [SettingDescription] {
        http(defaultPort: defaultPort) + AccessSettings.descriptions + dependencies + limits + others
    }

    private static func http(defaultPort: Int) -> [SettingDescription] {
        [
            .text(
                "http.host", default: "127.0.0.1",
                BilingualText("监听地址；0.0.0.0 表示所有网卡", "address to listen on; 0.0.0.0 means every interface")),
            .integer(
                "http.port", in: 0...65535, default: defaultPort,
                BilingualText("监听端口；0 表示由系统选择", "port to listen on; 0 lets the system choose")),
            .integer(
                "http.threads", in: 0...64, default: 0,
                BilingualText(
                    "网络线程数；0 表示按 CPU 核数取 2 到 4", "network threads; 0 means the number of cores, within 2 and 4")),
            .duration(
                "http.requestTimeout", in: .milliseconds(100)...(.seconds(600)), default: .seconds(30),
                BilingualText("一次请求最长处理时间", "longest time that a request may take to be answered")),
            .duration(
                "http.idleTimeout", in: .seconds(1)...(.seconds(3600)), default: .seconds(60),
                BilingualText("连接空闲多久后关闭", "time after which an idle connection is closed")),
            .duration(
                "http.clientTimeout", in: .milliseconds(100)...(.seconds(600)), default: .seconds(20),
                BilingualText(
                    "客户端须在此时间内发完一次请求，并取走下一段回答（32 KB），否则断开",
                    "time in which a client must send a request whole, and take the next 32 KB of an answer, or it is closed"
                )),
        ] + tls
    }

    private static var tls: [SettingDescription] {
        [
            .text(
                "http.tlsCertificate",
                BilingualText(
                    "HTTPS 证书链文件（PEM）；设置后只接受 TLS 1.2 及以上",
                    "certificate chain (PEM); with it only TLS 1.2 and up is spoken")),
            .text("http.tlsKey", BilingualText("HTTPS 私钥文件（PEM）", "private key of the certificate (PEM)")),
            .text(
                "http.tlsClientAuthority",
                BilingualText(
                    "客户端证书的根证书文件（PEM）；设置后客户端必须出示证书",
                    "authority of client certificates (PEM); with it every client must show one")),
        ]
    }

    private static var dependencies: [SettingDescription] {
        [
            .secret(
                "database.url", isRequired: true,
                BilingualText(
                    "数据库地址 postgres://用户:密码@主机:端口/库", "database address postgres://user:password@host:port/database")),
            .secret(
                "database.ownerUrl", isRequired: false,
                BilingualText(
                    "表的所有者的数据库地址，仅升级命令使用；没有时用 database.url",
                    "database address of the tables' owner, for the migrate command alone; database.url without it")),
            .integer(
                "database.poolSize", in: 1...200, default: 8,
                BilingualText("数据库连接数上限", "most connections to the database")),
            .integer(
                "database.waitersMax", in: 1...100_000, default: 512,
                BilingualText("等待数据库连接的任务数上限，超过立即答 503", "most tasks waiting for a connection; beyond it 503 at once")),
            .duration(
                "database.acquireTimeout", in: .milliseconds(10)...(.seconds(60)), default: .seconds(5),
                BilingualText("等待数据库连接的最长时间", "longest wait for a connection")),
            .text(
                "kafka.bootstrapServers", isRequired: true,
                BilingualText("消息代理地址，主机:端口，以逗号分隔", "brokers, host:port separated by commas")),
            .text(
                "kafka.topicPrefix", BilingualText("主题名前缀，用于多套系统共用一个集群", "prefix before all topic names")),
            .duration(
                "kafka.fetchWait", in: .milliseconds(1)...(.seconds(5)), default: .milliseconds(100),
                BilingualText(
                    "没有新消息时代理最多等多久再答；本地模拟代理总是等满",
                    "how long a broker with nothing new waits before it answers; the emulation always does")
            ),
            .duration(
                "kafka.sessionTimeout", in: .seconds(1)...(.seconds(300)), default: .seconds(10),
                BilingualText("副本失联多久后由其他副本接手", "silence after which another replica takes over")),
            .choice(
                "kafka.security", of: ["plaintext", "tls", "sasl", "sasl-tls"], default: "plaintext",
                BilingualText("与消息代理通信的加密和认证方式", "encryption and authentication towards the brokers")),
            .text(
                "kafka.tlsAuthority", BilingualText("代理证书的根证书文件（PEM）", "authority of the brokers' certificates (PEM)")),
            .text("kafka.tlsCertificate", BilingualText("客户端证书文件（PEM）", "client certificate (PEM)")),
            .text("kafka.tlsKey", BilingualText("客户端私钥文件（PEM）", "private key of the client certificate (PEM)")),
            .choice(
                "kafka.saslMechanism", of: ["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"], default: "SCRAM-SHA-512",
                BilingualText("密码认证方式", "how the password is proved")),
            .text("kafka.user", BilingualText("消息代理用户名", "user name at the brokers")),
            .secret("kafka.password", isRequired: false, BilingualText("消息代理密码", "password at the brokers")),
        ]
    }

    private static var limits: [SettingDescription] {
        [
            .integer(
                "limits.requestsInFlight", in: 1...100_000, default: 64,
                BilingualText("同时处理的请求数上限，超过则短暂等待", "most requests at a time; beyond it they wait for a moment")),
            .integer(
                "limits.requestsWaiting", in: 0...100_000, default: 256,
                BilingualText("等待处理的请求数上限，超过立即答 503", "most requests that wait; beyond it 503 at once")),
            .duration(
                "limits.waitTime", in: .milliseconds(10)...(.seconds(60)), default: .milliseconds(500),
                BilingualText(
                    "请求最长等待时间；持续过载时只等几毫秒", "longest wait of a request; only milliseconds while the overload lasts")),
            .integer(
                "limits.connections", in: 1...100_000, default: 4096,
                BilingualText("同时打开的连接数上限", "most open connections")),
            .integer(
                "limits.bodyBytes", in: 1024...(64 << 20), default: 4 << 20,
                BilingualText("请求正文大小上限（字节）", "largest request body in bytes")),
            .integer(
                "limits.headerBytes", in: 1024...(256 << 10), default: 16 << 10,
                BilingualText("请求头总大小上限（字节）", "largest request header in bytes")),
            .duration(
                "shutdown.deadline", in: .seconds(1)...(.seconds(300)), default: .seconds(20),
                BilingualText("停止时等待未完成工作的最长时间", "longest time to finish work in hand when stopping")),
        ]
    }

    private static var others: [SettingDescription] {
        [
            .text(
                "county", default: "532923",
                BilingualText("县级行政区划代码（六位数字）", "division code of the county (six digits)")),
            .choice(
                "auditTrail.hash", of: AuditHash.allCases.map(\.rawValue), default: AuditHash.sha256.rawValue,
                BilingualText("审计链使用的摘要算法", "hash of the audit trail's chain")),
            .duration(
                "auditTrail.sealInterval", in: .milliseconds(20)...(.seconds(10)), default: .milliseconds(200),
                BilingualText("审计记录最多多久后封存", "how long entries of the audit trail wait for their seal")),
            .integer(
                "privacy.unmaskPerDay", in: 0...1000, default: 20,
                BilingualText("每人每天最多查看多少条个人信息明文", "most records that one person may unmask on a day")),
            .choice(
                "log.level", of: ["trace", "debug", "info", "notice", "warning", "error", "critical"], default: "info",
                BilingualText("记录哪些日志", "which log lines are written")),
            .choice("log.format", of: ["text", "json"], default: "text", BilingualText("日志格式", "form of log lines")),
            .text(
                "failpoints", BilingualText("仅供测试：让进程在指定步骤崩溃", "for tests only: steps at which the process dies")),
            .text(
                "build.commit", default: "unknown",
                BilingualText("构建所用的提交，由镜像填写", "commit of the build, filled in by the image")),
            .secret(
                "crypto.keys", isRequired: false,
                BilingualText(
                    "字段加密密钥（JSON：current、keys、lookup；lookup 为一个密钥或含 current、keys）；没有时不能保存个人信息",
                    "keys of field encryption (JSON: current, keys, lookup); without them personal data cannot be kept")
            ),
        ]
    }
}
