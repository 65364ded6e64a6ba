import Foundation
import Messaging
import Models
import ServiceKit

/// Tells people what they must know: inboxes fed by the events of grids and incidents.
package struct Notifications: SuiteService {
    package static let name = ServiceName.notifications
    package static let defaultPort = 8104
    package static var migrations: URL { Bundle.module.bundleURL.appendingPathComponent("Migrations") }
    package static var openAPI: URL { Bundle.module.bundleURL.appendingPathComponent("openapi.yaml") }
    package static let settings: [SettingDescription] =
        [
            .duration(
                "delivery.waitMax", in: .seconds(60)...(.seconds(7 * 86_400)), default: .seconds(86_400),
                BilingualText("岗位空缺时消息等待多久", "how long a message waits for a post to be taken up")),
            .text(
                "sending.publicURL",
                BilingualText(
                    "公众访问本服务的地址，用于退订链接", "the address of this service for the public, for links of unsubscribing")),
            ContactTransport.setting,
        ] + ChannelSettings.descriptions

    package static var personalData: PersonalDataInventory { .notify }
    package static var problemKinds: [ProblemKind] { ProblemKind.notifications + ProblemKind.sendings }

    package let handlers: [any EventHandler]
    package let backgroundWork: [BackgroundWork]
    private let inbox: InboxRoutes
    private let findings: FindingRoutes
    private let routing: NotifyRoutes
    private let templates: TemplateRoutes
    private let subscriptions: SubscriptionRoutes
    private let subjects: SubjectRoutes
    private let sendings: SendingRoutes
    private let preferences: PreferenceRoutes

    package init(context: ServiceContext) async throws {
        let clock = context.clock
        let now: @Sendable () -> Date = { clock.now }
        let sealer = AddressSealer(cipher: context.cipher)
        let links = UnsubscribeLinks(cipher: context.cipher)
        let publicURL = try context.settings.optionalString("sending.publicURL")
        let transport = try ContactTransport(context.settings)
        let store = PostgresInboxStore(pool: context.pool, audit: context.audit)
        let routes = PostgresRouteStore(pool: context.pool, audit: context.audit)
        let watcher = InboxWatcher(store: store)
        let settle = SettleWaiting(
            deliveries: PostgresWaitingDeliveries(pool: context.pool), watcher: watcher, now: now)
        let readFindings = ReadFindings(inboxes: store, routes: routes)
        let findingGauges = FindingGauges(readFindings: readFindings, now: now)
        inbox = InboxRoutes(
            readInbox: ReadInbox(store: store, now: now), sortInbox: SortInbox(store: store, now: now),
            followInbox: FollowInbox(store: store, watcher: watcher))
        findings = FindingRoutes(readFindings: readFindings)
        routing = NotifyRoutes(keep: KeepRoutes(store: routes, now: now), now: now)
        templates = TemplateRoutes(
            keep: KeepTemplates(
                store: PostgresTemplateStore(pool: context.pool, audit: context.audit), watcher: watcher, now: now))
        subscriptions = SubscriptionRoutes(
            keep: KeepSubscriptions(
                store: PostgresSubscriptionStore(pool: context.pool, audit: context.audit), now: now))
        subjects = SubjectRoutes(
            requests: SubjectRequests(
                pool: context.pool, outbox: context.outbox, audit: context.audit,
                holding: InboxSubjects(sealer: sealer), now: now))
        sendings = SendingRoutes(
            follow: FollowSendings(log: PostgresSendingLog(pool: context.pool, audit: context.audit), now: now))
        preferences = PreferenceRoutes(
            preferences: KeepPreferences(
                store: PostgresPreferences(
                    pool: context.pool, audit: context.audit, links: links, sealer: sealer), now: now))
        let news = GridNewsHandler(
            keepStaffing: KeepGridStaffing(now: now),
            tell: TellNews(waitMax: try context.settings.duration("delivery.waitMax"), now: now),
            forget: ForgetReporters(now: now), watcher: watcher, ledger: { PostgresDeliveryLedger(transaction: $0) })
        let contacts = ContactHandler(
            keepContacts: KeepContacts(now: now),
            book: { PostgresContactBook(transaction: $0, transport: transport, sealer: sealer) })
        handlers = [JoinedHandler([news, contacts])]
        let sendingStore = PostgresSendingStore(
            pool: context.pool, sealer: sealer,
            unsubscribeLink: { person, channel in
                // Without the address of the suite, or without keys, there is no link to give.
                guard let publicURL, let token = try? links.token(for: person, on: channel) else { return nil }
                return "\(publicURL)/v1/unsubscribe?token=\(token)"
            })
        let engine = SendingEngine(
            pumps: try ChannelSettings.channels(from: context.settings, now: now).map { channel in
                ChannelPump(
                    channel: channel, store: sendingStore, logger: context.logger, note: SendingMetrics.note,
                    now: now)
            }, store: sendingStore, note: SendingMetrics.note, now: now)
        let reminders = ReminderClock(store: PostgresReminderStore(pool: context.pool), now: now)
        backgroundWork = [
            BackgroundWork(name: "inbox-watcher") { try await watcher.run() },
            BackgroundWork(name: "waiting-deliveries") { try await settle.run() },
            BackgroundWork(name: "finding-gauges") { try await findingGauges.run() },
            BackgroundWork(name: "sendings") { try await engine.run() },
            BackgroundWork(name: "reminders") { try await reminders.run() },
        ]
    }

    package func addRoutes(to routes: SuiteRoutes) {
        inbox.add(to: routes)
        findings.add(to: routes)
        routing.add(to: routes)
        templates.add(to: routes)
        subscriptions.add(to: routes)
        subjects.add(to: routes)
        sendings.add(to: routes)
        preferences.add(to: routes)
    }
}
