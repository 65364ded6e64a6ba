/// A county with years of incidents, written by the database itself in seconds.
///
/// Two towns of 35 communities with five areas each. Incidents are spread evenly over the areas and over two years; of the
/// last week's most are open, with a clock that runs, and the older ones are closed, rejected or withdrawn. One in 5 000 has
/// a word that no other has.
package enum StoredIncidents {
    /// The town whose incidents are looked at.
    package static let town = "532923100"
    /// A community of it.
    package static let community = "532923100101"
    /// An area of it.
    package static let area = "532923100101001"
    /// A word that one incident in 5 000 has.
    package static let rareWord = "红嘴鸥"
    /// A person of the staff who has handled one incident in 240.
    package static let handler = "00000000-0000-7000-8000-000000000004"
    /// A person who has reported one in 3 000.
    package static let reporter = "00000000-0000-7000-9000-000000000010"
    /// An organisation that has one open incident in 40.
    package static let organisation = "O4"
    /// Days over which incidents are spread.
    package static let days = 730

    /// Lays out divisions and grids, side by side.
    package static let layout = """
        insert into grid.divisions (code, name) select '532923', '县' union all
        select '532923' || t, '镇' from generate_series(100, 101) t union all
        select '532923' || t || c, '社区' from generate_series(100, 101) t, generate_series(101, 135) c
        on conflict do nothing;
        insert into grid.grids (code, name, boundary)
        select '532923' || t || c || lpad(a::text, 3, '0'), '责任区',
               st_makeenvelope(100 + (t - 100) + (c - 101) * 0.02, 25 + a * 0.02, 100.02 + (t - 100) + (c - 101) * 0.02,
                               25.02 + a * 0.02, 4326)
        from generate_series(100, 101) t, generate_series(101, 135) c, generate_series(1, 5) a
        on conflict do nothing;
        """

    /// Writes incidents, their words and their clocks, and has them counted.
    ///
    /// - Parameter count: how many.
    package static func filling(_ count: Int) -> String {
        """
        set statement_timeout = 0;
        create temporary table past as
        select n, (lpad(to_hex((extract(epoch from moment) * 1000)::bigint), 12, '0') || '7000' || '8000'
                   || lpad(to_hex(n), 12, '0'))::uuid as id, moment,
               '532923' || (100 + n % 2) || (101 + (n / 2) % 35) || lpad((1 + (n / 70) % 5)::text, 3, '0') as grid_code,
               moment > now() - interval '7 days' and n % 3 > 0 as is_open
        from (select n::int, now() - interval '1 hour' - n * (interval '\(days) days' / \(count)) as moment
              from generate_series(\(count), 1, -1) n) p;
        insert into grid.incidents (id, number, grid_code, function, function_is_provisional, title, description, longitude,
            latitude, source, urgency, state, reported_at, reporter_id, is_anonymous, is_historical, organisation,
            handled_by, closed_at, version)
        select id, 'S' || n, grid_code, 'emergencyManagement', false,
            (array['井盖缺失', '消防通道堵塞', '路灯不亮', '邻里噪声', '水管爆裂', '救助申请', '垃圾清运', '占道经营', '电动车违规充电',
                   '路面塌陷'])[1 + (hashint4(n) & 1023) % 10],
            (array['三组村民反映', '群众来电', '网格员走访发现', '巡查发现', '志愿者上报'])[1 + (hashint4(n * 7) & 1023) % 5]
            || (array['龙翔社区', '财富社区', '南苑小区', '北门街', '东升路'])[1 + (hashint4(n * 11) & 1023) % 5] || n % 1000 || '号门口'
            || (array['夜间无照明', '老人小孩通行危险', '影响居民生活', '已经三天', '异味严重', '存在隐患'])
                [1 + (hashint4(n * 13) & 1023) % 6]
            || '，请尽快处理。' || case when n % 5000 = 0 then '\(rareWord)' else '' end,
            100 + n % 2 + ((n / 2) % 35 + (hashint4(n * 3) & 1023) / 1024.0) * 0.02,
            25 + (1 + (n / 70) % 5 + (hashint4(n * 5) & 1023) / 1024.0) * 0.02, 'resident', 'ordinary',
            case when is_open then (array['reported', 'filed', 'dispatched', 'inProgress', 'handled'])[1 + (hashint4(n * 17) & 1023) % 5]
                 when hashint4(n * 19) & 63 = 0 then 'rejected' when hashint4(n * 19) & 63 = 1 then 'withdrawn' else 'closed' end,
            moment, case when n % 10 = 0 then ('00000000-0000-7000-9000-' || lpad((n % 3000)::text, 12, '0'))::uuid end,
            false, false, case when n % 4 = 0 then 'O' || n % 40 end,
            case when not is_open and n % 4 = 0 then ('00000000-0000-7000-8000-' || lpad((n % 240)::text, 12, '0'))::uuid end,
            case when is_open then null else moment + interval '2 days' end, 4
        from past order by n desc;
        insert into grid.incident_words select id, grid.incident_words(id, grid_code, title, description)
        from grid.incidents order by id;
        insert into grid.clocks (incident_id, kind, round, grid_code, rulebook, started_at, allowance, spent, state, since,
            due_at, is_extended, level, next_action_at)
        select id, 'resolve', 1, grid_code, 1, moment, 259200000, 0, case when is_open then 'running' else 'stopped' end,
            moment, moment + interval '3 days', false, null, null
        from past order by n desc;
        drop table past;
        """
    }

    /// Has the planner know them; a statement each.
    package static let counting = ["incidents", "incident_words", "clocks", "grids"].map { "vacuum analyze grid.\($0)" }
}
