/// The part of statements that finds the people of an audience, the same when a message is delivered, when it has waited,
/// and when a route is only tried.
enum RecipientQuery {
    /// A subquery with `person_id`, empty when the audience is nobody.
    ///
    /// - Parameter row: the alias of a row with `recipient`, `named`, `event`, `code`, `reporter_id`, `organisations` and
    ///   `escalated_to`; trusted text. Each branch is for one audience, so that PostgreSQL runs only that one.
    static func people(of row: String) -> String {
        """
        select \(row).reporter_id as person_id where \(row).recipient = 'reporter' and \(row).reporter_id is not null
        union
        select \(row).named where \(row).recipient = 'person' and \(row).named is not null
        union
        select a.person_id from notify.grid_assignments a
        where \(row).recipient ^@ 'role:' and \(row).recipient like '%@area'
          and a.area_code = left(\(row).code, 15) and a.role = \(role(of: row))
        union
        select a.person_id from notify.grid_assignments a
        where \(row).recipient ^@ 'role:' and \(row).recipient like '%@community'
          and left(a.area_code, 12) = left(\(row).code, 12) and a.role = \(role(of: row))
        union
        select u.person_id from notify.subscriptions u
        where \(row).recipient = 'assignee' and u.kind = 'organisation' and u.code = any (\(row).organisations)
          and u.event in ('', \(row).event)
        union
        select u.person_id from notify.subscriptions u
        where \(row).recipient = 'subscribers' and u.kind = 'division'
          and u.code in (left(\(row).code, 6), left(\(row).code, 9), left(\(row).code, 12), left(\(row).code, 15))
          and u.event in ('', \(row).event)
        union
        select f.person_id from (
            select l.person_id, l.step, min(l.step) over () as first
            from (\(line(above: row))) l
        ) f
        where f.step = f.first
        """
    }

    /// The role in the audience `role:<role>@<reach>`.
    static func role(of row: String) -> String {
        "split_part(split_part(\(row).recipient, ':', 2), '@', 1)"
    }

    /// Everybody above the work, by steps; those below the step from which on the event is told are left out.
    private static func line(above row: String) -> String {
        """
        select a.person_id, 1 as step from notify.grid_assignments a
        where \(row).recipient = 'supervisors' and coalesce(length(\(row).escalated_to), 12) >= 12
          and a.area_code = left(\(row).code, 15) and a.role = 'communityCadre'
        union all
        select a.person_id, 2 from notify.grid_assignments a
        where \(row).recipient = 'supervisors' and coalesce(length(\(row).escalated_to), 12) >= 12
          and left(a.area_code, 12) = left(\(row).code, 12) and a.role = 'communityCadre'
        union all
        select u.person_id, case length(u.code) when 12 then 1 when 9 then 3 else 4 end from notify.subscriptions u
        where \(row).recipient = 'supervisors' and u.kind = 'supervision'
          and u.code in (left(\(row).code, 12), left(\(row).code, 9), left(\(row).code, 6))
          and length(u.code) <= coalesce(length(\(row).escalated_to), 12) and u.event in ('', \(row).event)
        """
    }
}
