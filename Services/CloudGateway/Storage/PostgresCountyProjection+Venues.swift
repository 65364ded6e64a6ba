import Models
import Postgres

extension PostgresCountyProjection {
    static func stations(_ stations: [StationFacts]) -> PostgresStatement? {
        guard !stations.isEmpty else { return nil }
        return PostgresStatement(
            """
            insert into gateway.stations (station_id, kind, division_code, state, opened_year)
            select * from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::int8[]) order by 1
            on conflict (station_id) do update set kind = excluded.kind, division_code = excluded.division_code,
                state = excluded.state, opened_year = excluded.opened_year
            """,
            [
                .uuidArray(stations.map(\.stationID.rawValue)), .textArray(stations.map(\.kind.rawValue)),
                .textArray(stations.map(\.divisionCode.digits)), .textArray(stations.map(\.state.rawValue)),
                integers(stations.map(\.openedYear)),
            ])
    }

    static func facilities(_ facilities: [FacilityFacts]) -> PostgresStatement? {
        guard !facilities.isEmpty else { return nil }
        return PostgresStatement(
            """
            insert into gateway.facilities (facility_id, division_code, tenure, provision_way)
            select * from unnest($1::uuid[], $2::text[], $3::text[], $4::text[]) order by 1
            on conflict (facility_id) do update set division_code = excluded.division_code, tenure = excluded.tenure,
                provision_way = excluded.provision_way
            """,
            [
                .uuidArray(facilities.map(\.facilityID.rawValue)), .textArray(facilities.map(\.divisionCode.digits)),
                .textArray(facilities.map(\.tenure.rawValue)), .textArray(facilities.map { $0.provisionWay?.rawValue }),
            ])
    }

    static func rooms(_ rooms: [RoomFacts]) -> PostgresStatement? {
        guard !rooms.isEmpty else { return nil }
        return PostgresStatement(
            """
            insert into gateway.rooms (room_id, division_code, kind, tenure, is_bookable, is_in_use)
            select * from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::bool[], $6::bool[]) order by 1
            on conflict (room_id) do update set division_code = excluded.division_code, kind = excluded.kind,
                tenure = excluded.tenure, is_bookable = excluded.is_bookable, is_in_use = excluded.is_in_use
            """,
            [
                .uuidArray(rooms.map(\.roomID.rawValue)), .textArray(rooms.map(\.divisionCode.digits)),
                .textArray(rooms.map(\.kind.rawValue)), .textArray(rooms.map { $0.tenure?.rawValue }),
                .boolArray(rooms.map(\.isBookable)), .boolArray(rooms.map(\.isInUse)),
            ])
    }

    static func bookings(_ bookings: [BookingFacts]) -> PostgresStatement? {
        guard !bookings.isEmpty else { return nil }
        return PostgresStatement(
            """
            insert into gateway.bookings (booking_id, room_id, division_code, state)
            select * from unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[]) order by 1
            on conflict (booking_id) do update set room_id = excluded.room_id, division_code = excluded.division_code,
                state = excluded.state
            """,
            [
                .uuidArray(bookings.map(\.bookingID.rawValue)), .uuidArray(bookings.map(\.roomID.rawValue)),
                .textArray(bookings.map(\.divisionCode.digits)), .textArray(bookings.map(\.state.rawValue)),
            ])
    }
}
