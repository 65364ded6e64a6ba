import HTTPTypes
import Hummingbird
import Models
import ServiceKit

/// The routes of bookings: those of a community's desk, and those of who books as himself.
struct BookingRoutes {
    let book: BookRoom
    let handle: HandleBooking
    let read: ReadBookings
    let unmask: UnmaskBookingContact
    let feed: CalendarFeed

    func add(to routes: SuiteRoutes) {
        addDesk(to: routes)
        for action in BookingAction.allCases { add(action, to: routes) }
        addOwn(to: routes)
        addCalendars(to: routes)
    }

    // MARK: - The desk

    private func addDesk(to routes: SuiteRoutes) {
        routes.post("/v1/bookings", .allowed(to: .bookingDesk, scope: .division), demanding: .idempotencyKey) {
            request, context -> Response in
            // Whoever comes to the desk, or calls, is booked in by it.
            let applicant = Applicant(subject: nil, audiences: Set(RoomAudience.allCases))
            return try await take(request, context, applicant, within: context.scope, shownAt: "/v1/bookings")
        }
        routes.list("/v1/bookings", .allowed(to: .bookingDesk, scope: .division)) { request, context, page in
            try await list(request, context, page)
        }
        routes.get("/v1/bookings/:id", .allowed(to: .bookingDesk, scope: .division)) { request, context -> Response in
            try await one(request, context)
        }
        routes.post("/v1/bookings/:id/unmask", .allowed(to: .bookingDesk, scope: .division)) { request, context in
            let id: BookingID = try context.identifier("id")
            return try await UnmaskRoute.answer(request, context, allowing: [.venueBooking, .subjectRequest]) {
                order, scope in
                try await unmask(id, order, scope: scope).map { UnmaskedBody($0) }
            }
        }
    }

    private func add(_ action: BookingAction, to routes: SuiteRoutes) {
        routes.post(
            "/v1/bookings/:id/\(action.rawValue)", .allowed(to: action.roles, scope: .division), demanding: .ifMatch
        ) { request, context -> Response in
            let id = try context.identifier("id", as: BookingID.self)
            let version = try request.expectedVersion()
            let command = try await request.json(BookingCommandDraft.self, context).checked(action)
            let booking = try await handle(command, on: id, ifVersion: version, scope: context.scope)
            return try BookingBody(booking).response(from: request, context: context).tagged(version: booking.version)
        }
    }

    // MARK: - One's own

    private func addOwn(to routes: SuiteRoutes) {
        routes.post("/v1/own-bookings", .allowed(to: .applicants, scope: .own), demanding: .idempotencyKey) {
            request, context -> Response in
            try await take(
                request, context, context.applicant(), within: .everything, shownAt: "/v1/own-bookings")
        }
        routes.list("/v1/own-bookings", .allowed(to: .applicants, scope: .own)) { request, context, page in
            try await list(request, context, page)
        }
        routes.get("/v1/own-bookings/:id", .allowed(to: .applicants, scope: .own)) { request, context -> Response in
            try await one(request, context)
        }
        routes.post("/v1/own-bookings/:id/cancel", .allowed(to: .applicants, scope: .own), demanding: .ifMatch) {
            request, context -> Response in
            let id = try context.identifier("id", as: BookingID.self)
            let version = try request.expectedVersion()
            let booking = try await handle(.cancelByUser, on: id, ifVersion: version, scope: context.scope)
            return try BookingBody(booking).response(from: request, context: context).tagged(version: booking.version)
        }
    }

    // MARK: - Calendars

    private func addCalendars(to routes: SuiteRoutes) {
        routes.get("/v1/rooms/:id/calendar", .allowed(to: .directory, scope: .division)) { request, context in
            let calendar = try await read.calendar(
                of: context.identifier("id"), scope: context.scope, onlyOpen: false)
            return feed.answer(request, room: calendar)
        }
        routes.get("/v1/open-rooms/:id/calendar", .allowed(to: .applicants, scope: .own)) { request, context in
            let calendar = try await read.calendar(of: context.identifier("id"), scope: .everything, onlyOpen: true)
            return feed.answer(request, room: calendar)
        }
        routes.get("/v1/own-calendar", .allowed(to: .applicants, scope: .own)) { request, context in
            let calendar = try await read.calendar(ofApplicant: context.applicant().subject ?? "")
            return feed.answer(request, own: calendar)
        }
    }

    // MARK: - Shared by both

    private func take(
        _ request: Request, _ context: SuiteRequestContext, _ applicant: Applicant, within scope: ScopeFilter,
        shownAt path: String
    ) async throws -> Response {
        let (draft, key) = try await request.idempotentJSON(BookingDraft.self, context)
        // The declaration demands it.
        guard let key else { throw Problem.idempotencyKeyRequired }
        let receipt = try await book(draft, from: applicant, key: key, scope: scope)
        return try BookingReceiptBody(receipt).created(at: "\(path)/\(receipt.id)", request, context)
            .tagged(version: receipt.version)
    }

    private func list(
        _ request: Request, _ context: SuiteRequestContext, _ page: PageRequest
    ) async throws -> Page<BookingBody> {
        let filter = BookingFilter(
            room: try request.query("room") { RoomID($0) },
            state: try request.query("state") { BookingState(rawValue: $0) })
        let bookings = try await read.list(
            filter, scope: context.scope, before: page.identifierAfter(as: BookingID.self), limit: page.fetchLimit)
        return try Page(
            fetched: bookings.map { BookingBody($0) }, for: page, keys: { [$0.id.description] })
    }

    private func one(_ request: Request, _ context: SuiteRequestContext) async throws -> Response {
        let shown = try await read.one(context.identifier("id"), scope: context.scope)
        return try BookingBody(shown).response(from: request, context: context).tagged(version: shown.booking.version)
    }
}

extension SuiteRequestContext {
    /// The caller as one who books for himself: residents and all others alike, and Party organisations where they may.
    fileprivate func applicant() -> Applicant {
        let isPartyOrganisation = caller?.grants.contains { $0.role == .unitPartyOrganisation } ?? false
        return Applicant(
            subject: caller?.subject, audiences: isPartyOrganisation ? [.resident, .partyOrganisation] : [.resident])
    }
}
