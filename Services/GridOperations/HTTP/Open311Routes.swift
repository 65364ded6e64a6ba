import Foundation
import HTTPTypes
import Hummingbird
import Models
import ServiceKit

/// Open311 GeoReport v2 under `/open311/v2`, with service discovery and the extension of updates (decision 0028).
struct Open311Routes {
    static let root = "/open311/v2"
    /// Since when the interface is as it is: 2026-11-27.
    private static let changeset = Date(timeIntervalSince1970: 1_795_737_600)

    let answer: AnswerOpen311
    let report: ReportIncident
    let door: Open311Door
    let now: @Sendable () -> Date

    func add(to routes: SuiteRoutes) {
        routes.take(door)
        routes.answeringErrors(as: Open311Errors.response) { routes in
            addServices(to: routes)
            addReading(to: routes)
            addWriting(to: routes)
        }
    }

    private func addServices(to routes: SuiteRoutes) {
        routes.get("\(Self.root)/discovery.{format}", .apiKey(isRequired: false)) { request, context -> Response in
            let format = try context.open311Format()
            // The address by which the caller came; behind a proxy that ends TLS the proxy says how.
            let scheme = request.headers[.forwardedProtocol] == "https" ? "https" : "http"
            return Open311Document.discovery(
                address: "\(scheme)://\(request.head.authority ?? "localhost")\(Self.root)", changeset: Self.changeset
            ).response(as: format)
        }
        routes.get("\(Self.root)/services.{format}", .apiKey(isRequired: false)) { request, context -> Response in
            let format = try context.open311Format()
            _ = try await jurisdiction(request.query("jurisdiction_id"))
            return Open311Document.services(try await answer.services().admitted).response(as: format)
        }
        routes.get("\(Self.root)/services/:file", .apiKey(isRequired: false)) { request, context -> Response in
            let (code, format) = try context.open311File()
            _ = try await jurisdiction(request.query("jurisdiction_id"))
            return Open311Document.definition(try await service(code)).response(as: format)
        }
    }

    private func addReading(to routes: SuiteRoutes) {
        routes.get("\(Self.root)/requests.{format}", .apiKey(isRequired: false)) { request, context -> Response in
            let format = try context.open311Format()
            let place = try await jurisdiction(request.query("jurisdiction_id"))
            return try await requests(query(of: request, in: place), context).response(as: format)
        }
        routes.get("\(Self.root)/requests/:file", .apiKey(isRequired: false)) { request, context -> Response in
            let (number, format) = try context.open311File()
            let place = try await jurisdiction(request.query("jurisdiction_id"))
            let now = now()
            let found = try await requests(
                Open311Query(numbers: [number], span: now...now, gridPrefix: place), context)
            guard case .list(_, let items) = found.value, !items.isEmpty else {
                throw Problem.notFound("没有这个 service_request_id", "there is no such service_request_id")
            }
            return found.response(as: format)
        }
        routes.get("\(Self.root)/tokens/:file", .apiKey(isRequired: false)) { request, context -> Response in
            let (token, format) = try context.open311File()
            _ = try await jurisdiction(request.query("jurisdiction_id"))
            guard let id = IncidentID(token), let number = try await answer.number(of: id) else {
                throw Problem.notFound("没有这个 token", "there is no such token")
            }
            return Open311Document.token(token, number: number).response(as: format)
        }
        routes.get("\(Self.root)/servicerequestupdates.{format}", .apiKey(isRequired: false)) {
            request, context -> Response in
            let format = try context.open311Format()
            let place = try await jurisdiction(request.query("jurisdiction_id"))
            return Open311Document.updates(
                try await answer.updates(in: span(of: request), gridPrefix: place, key: context.open311Key)
            ).response(as: format)
        }
    }

    private func addWriting(to routes: SuiteRoutes) {
        routes.post("\(Self.root)/requests.{format}", .apiKey(isRequired: true)) { request, context -> Response in
            let format = try context.open311Format()
            let fields = try await FormFields(of: request)
            let form = Open311Form(fields)
            // The door has let a key in.
            guard let key = context.open311Key else { throw Problem.apiKeyRefused }
            let place = try await jurisdiction(form.jurisdiction)
            guard let code = form.serviceCode else { throw Open311Form.required("service_code") }
            let category = try await service(code)
            let (latitude, longitude) = try await position(of: form)
            let incident = try await report(
                form.draft(of: category, latitude: latitude, longitude: longitude),
                key: try idempotencyKey(of: request, fields, context),
                scope: context.scope.within(place), open311: form.origin(of: key))
            return Open311Document.receipt(
                number: incident.number, notice: "已上报，由所在社区受理 Reported to the community where it is"
            ).response(as: format)
        }
        routes.post("\(Self.root)/servicerequestupdates.{format}", .apiKey(isRequired: true)) {
            request, context -> Response in
            let format = try context.open311Format()
            let form = Open311Form(try await FormFields(of: request))
            guard let key = context.open311Key else { throw Problem.apiKeyRefused }
            let place = try await jurisdiction(form.jurisdiction)
            guard let id = try await answer.add(form.update, of: key, scope: context.scope.within(place)) else {
                throw Problem.notFound("没有这个 service_request_id", "there is no such service_request_id")
            }
            return Open311Document.updateReceipt(id).response(as: format)
        }
    }

    // MARK: - Parts of requests

    /// The code that grids of a jurisdiction begin with; the county's where none is named.
    private func jurisdiction(_ code: String?) async throws -> String {
        guard let code else { return answer.county }
        guard try await answer.hasJurisdiction(code) else {
            throw Problem.notFound("没有这个 jurisdiction_id", "there is no such jurisdiction_id")
        }
        return code
    }

    private func service(_ code: String) async throws -> CategoryRule {
        guard let category = try await answer.services().admitted.first(where: { $0.code == code }) else {
            throw Problem.notFound("没有这个 service_code", "there is no such service_code")
        }
        return category
    }

    private func position(of form: Open311Form) async throws -> (latitude: Double, longitude: Double) {
        if let position = try form.position() { return position }
        if let code = form.addressID {
            guard let middle = try await answer.middle(of: code) else {
                throw Problem.malformed(
                    field: "address_id", "应为网格编码，没有这个网格", "it is the code of a grid; there is no such grid")
            }
            return (middle.latitude, middle.longitude)
        }
        throw Problem.malformed(
            field: "lat", "须有 lat 和 long，或以网格编码为 address_id；address_string 只作补充说明",
            "lat and long are required, or the code of a grid as address_id; address_string only says more")
    }

    /// The standard has no key under which a report takes effect once: a header is honoured, and without one the same form
    /// of the same client on the same day is the same report.
    private func idempotencyKey(
        of request: Request, _ form: FormFields, _ context: SuiteRequestContext
    ) throws -> IdempotencyKey {
        let content = Array(form.fields.map { "\($0.name)=\($0.value)" }.joined(separator: "\n").utf8)
        let day = CalendarDay(inShanghai: now())?.description ?? ""
        return try IdempotencyKey(
            request.headers[.idempotencyKey] ?? "\(day)/\(ContentHash(of: content).text)",
            operation: "POST \(Self.root)/requests", caller: context.caller?.subject, body: content)
    }

    private func requests(_ query: Open311Query, _ context: SuiteRequestContext) async throws -> Open311Document {
        let found = try await answer.requests(query)
        return .requests(found, by: try await answer.services().rules, to: context.open311Key)
    }

    private func query(of request: Request, in place: String) throws -> Open311Query {
        let statuses = Set(request.open311List("status"))
        guard statuses.isSubset(of: ["open", "closed"]) else {
            throw Problem.malformed(field: "status", "应为 open、closed 或两者", "it is open, closed or both")
        }
        let numbers = request.open311List("service_request_id")
        // With numbers nothing else counts, so that nothing else can be wrong.
        let now = now()
        return Open311Query(
            numbers: numbers, categories: request.open311List("service_code"),
            span: numbers.isEmpty ? try span(of: request) : now...now,
            isOpen: statuses.count == 1 ? statuses.contains("open") : nil, gridPrefix: place)
    }

    private func span(of request: Request) throws -> ClosedRange<Date> {
        guard
            let span = answer.span(from: try request.open311Time("start_date"), to: try request.open311Time("end_date"))
        else {
            throw Problem.malformed(
                field: "start_date", "start_date 不得晚于 end_date，跨度不得超过 90 天",
                "start_date comes before end_date, by 90 days at most")
        }
        return span
    }
}

extension HTTPField.Name {
    fileprivate static let forwardedProtocol = HTTPField.Name("X-Forwarded-Proto") ?? .via
}

extension Request {
    /// A list of codes in the query; what is empty is left out.
    fileprivate func open311List(_ name: String) -> [String] {
        (uri.queryParameters.get(name) ?? "").split(separator: ",").compactMap { FieldText.present(String($0)) }
    }

    /// A time in the query; a plus sign that was not encoded has become a blank.
    fileprivate func open311Time(_ name: String) throws -> Date? {
        guard let text = try query(name) else { return nil }
        guard let time = RFC3339.parse(text.replacing(" ", with: "+")) else {
            throw Problem.malformed(
                field: name, "应为带时区的时间，如 2026-01-01T00:00:00+08:00",
                "it is a time with its zone, such as 2026-01-01T00:00:00+08:00")
        }
        return time
    }
}

extension SuiteRequestContext {
    /// The format that stands at the end of the path.
    fileprivate func open311Format() throws -> Open311Format {
        guard let format = Open311Format(rawValue: try pathText("format")) else { throw Self.noSuchFormat }
        return format
    }

    /// The last part of the path without its format.
    fileprivate func open311File() throws -> (name: String, format: Open311Format) {
        guard let (rest, format) = Open311Format.split(try pathText("file")) else { throw Self.noSuchFormat }
        return (rest, format)
    }

    private static let noSuchFormat = Problem.notFound("只有 .xml 和 .json", "there are .xml and .json alone")
}

extension ScopeFilter {
    /// The part of it that begins with a code.
    fileprivate func within(_ code: String) -> ScopeFilter {
        let parts = prefixes.compactMap { prefix in
            prefix.hasPrefix(code) ? prefix : code.hasPrefix(prefix) ? code : nil
        }
        return ScopeFilter(parts.compactMap { DivisionPrefix($0) }.map(Scope.division))
    }
}
