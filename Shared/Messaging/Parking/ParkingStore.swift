import Foundation
import Kafka
import Models
import Postgres

/// An event that a reader cannot apply, with the reason.
struct Parking: Sendable {
    var event: ReceivedEvent
    var code: String
    var reason: String
}

/// A record that cannot be read as an event at all, with the reason.
struct UnreadableRecord: Sendable {
    var topic: String
    var record: KafkaIncomingRecord
    var failure: CloudEventCodec.DecodingFailure
}

/// The SQL of parking.
struct ParkingStore: Sendable {
    let consumer: String

    /// The code of an event that is only waiting behind another of its key.
    static let behindCode = "waits-behind"

    /// Which of these keys have an event parked.
    func parkedKeys(
        among keys: Set<ParkingKey>, with executor: any PostgresExecutor
    ) async throws -> Set<ParkingKey> {
        guard !keys.isEmpty else { return [] }
        let list = Array(keys)
        let rows = try await executor.query(
            PostgresStatement(
                """
                select distinct p.source, p.topic, p.key from messaging.parked p
                join unnest($2::text[], $3::text[], $4::text[]) as k (source, topic, key)
                  on p.source = k.source and p.topic = k.topic and p.key = k.key
                where p.consumer = $1 and p.state = 'parked'
                """,
                [
                    .text(consumer), .textArray(list.map(\.source)), .textArray(list.map(\.topic)),
                    .textArray(list.map(\.key)),
                ])
        ).rows
        return Set(
            try rows.map {
                ParkingKey(source: try $0.decode("source"), topic: try $0.decode("topic"), key: try $0.decode("key"))
            })
    }

    /// Parks events with all that is needed to apply them later.
    func park(_ parkings: [Parking], in transaction: PostgresTransaction) {
        guard !parkings.isEmpty else { return }
        let envelopes = parkings.map(\.event.envelope)
        transaction.enqueue(
            PostgresStatement(
                """
                insert into messaging.parked (consumer, source, topic, lane, number, key, event_id, type, occurred_at,
                                              division_code, traceparent, data, code, reason)
                select $1, p.* from unnest($2::text[], $3::text[], $4::int4[], $5::int8[], $6::text[], $7::uuid[],
                    $8::text[], $9::timestamptz[], $10::text[], $11::text[], $12::bytea[], $13::text[], $14::text[]) as p
                on conflict do nothing
                """,
                [
                    .text(consumer), .textArray(envelopes.map(\.source)), .textArray(parkings.map(\.event.topic.name)),
                    .int4Array(envelopes.map { Int32($0.lane) }), .int8Array(envelopes.map(\.number)),
                    .textArray(envelopes.map(\.key)), .uuidArray(envelopes.map(\.id)),
                    .textArray(envelopes.map(\.type)), .timestamptzArray(envelopes.map(\.time)),
                    .textArray(envelopes.map(\.divisionCode)), .textArray(envelopes.map(\.traceparent)),
                    .byteaArray(envelopes.map(\.data)), .textArray(parkings.map(\.code)),
                    .textArray(parkings.map(\.reason)),
                ]))
    }

    /// Keeps records that are no events, byte for byte, for a person to look at.
    func park(_ records: [UnreadableRecord], in transaction: PostgresTransaction) {
        for unreadable in records {
            let record = unreadable.record
            let headers = record.headers.map { "\($0.name): \(String(decoding: $0.value, as: UTF8.self))" }
            transaction.enqueue(
                PostgresStatement(
                    """
                    insert into messaging.parked (consumer, topic, headers, data, partition, record_offset, digest, code,
                                                  reason)
                    values ($1, $2, $3, $4, $5, $6, md5($4::bytea), $7, $8)
                    on conflict do nothing
                    """,
                    [
                        .text(consumer), .text(unreadable.topic), .bytea(Array(headers.joined(separator: "\n").utf8)),
                        .bytea(record.value ?? []), .int4(record.partition), .int8(record.offset),
                        .text(unreadable.failure.code), .text(unreadable.failure.reason),
                    ]))
        }
    }
}
