-- The words of messages, in versions: a draft, which a second person approves, and which then stays as it is. The first
-- versions are the suite's own.
create table notify.templates (
    code text not null check (code ~ '^[A-Za-z][A-Za-z0-9]{1,63}$'),
    channel text not null
        check (channel in ('inApp', 'email', 'sms', 'weComRobot', 'weComApp', 'dingTalkRobot', 'webhook')),
    version integer not null check (version > 0),
    state text not null check (state in ('draft', 'approved')),
    -- The approved version that messages are written with.
    in_force boolean not null default false check (state = 'approved' or not in_force),
    -- Counts the changes of a draft, for If-Match.
    revision integer not null default 1,
    title_zh text not null check (length(title_zh) between 1 and 40),
    title_en text not null check (length(title_en) between 1 and 80),
    body_zh text not null check (length(body_zh) between 1 and 500),
    body_en text not null check (length(body_en) between 1 and 1000),
    -- The accounts of who wrote and who approved it; null for the suite's own, and for who was erased.
    author text,
    approver text check (approver <> author),
    created_at timestamptz not null,
    approved_at timestamptz check ((approved_at is not null) = (state = 'approved')),
    primary key (code, channel, version)
);
create unique index templates_in_force_idx on notify.templates (code, channel) where in_force;
create unique index templates_draft_idx on notify.templates (code, channel) where state = 'draft';
create index templates_author_idx on notify.templates (author) where author is not null;
create index templates_approver_idx on notify.templates (approver) where approver is not null;

-- Words are about nobody; they are the county's.
alter table notify.templates enable row level security, force row level security;
create policy words_read on notify.templates for select using (true);
create policy county_insert on notify.templates for insert
    with check (service_kit.has_county((select service_kit.scopes())));
create policy county_update on notify.templates for update
    using (service_kit.has_county((select service_kit.scopes())));

select set_config('tiaokuai.scope', '*', true);
insert into notify.templates (code, channel, version, state, in_force, title_zh, title_en, body_zh, body_en, created_at,
    approved_at)
select code, 'inApp', 1, 'approved', true, title_zh, title_en, body_zh, body_en, now(), now() from (
    select code, title_zh, title_en,
        emergency_zh || '{{function}}类事件 {{number}}，网格 {{grid}}。' || sentence_zh as body_zh,
        emergency_en || 'Incident {{number}} ({{function}}), grid {{grid}}. ' || sentence_en as body_en
    from (values
        ('incidentReported', '网格内有新事件', 'New incident in your grid',
         '{{#isEmergency}}特急：有危险请先拨打110、119、120。{{/isEmergency}}',
         '{{#isEmergency}}Emergency: if there is danger call 110, 119 or 120 first. {{/isEmergency}}',
         '请到现场了解情况。', 'Please look at it on the spot.'),
        ('incidentReopened', '事件重新办理', 'Incident reopened', '', '',
         '核查未通过或再次打开，请继续跟进。', 'It was opened again; please follow it up.'),
        ('incidentDispatched', '您上报的事件已派单', 'Your report was dispatched', '', '',
         '已交有关单位办理。', 'An organisation was asked to handle it.'),
        ('incidentAssigned', '有事件派给贵单位', 'An incident for your organisation',
         '{{#isEmergency}}特急。{{/isEmergency}}', '{{#isEmergency}}Emergency. {{/isEmergency}}',
         '请签收并办理。', 'Please accept and handle it.'),
        ('incidentReturned', '事件被退回', 'Incident given back', '', '',
         '承办单位已退回，请重新派单。', 'The organisation gave it back; please dispatch it anew.'),
        ('incidentHandled', '您上报的事件已处理', 'Your report was handled', '', '',
         '已处理，等待核查。', 'It was handled and will be verified.'),
        ('incidentClosed', '您上报的事件已办结', 'Your report was closed', '', '',
         '已核查办结，感谢您的反映。', 'It was verified and closed. Thank you for telling us.'),
        ('incidentRejected', '您上报的事件不予受理', 'Your report was not taken on', '', '',
         '原因可凭编号查询。', 'The reason can be asked for with the number.'),
        ('incidentWithdrawn', '事件已撤回', 'Incident withdrawn', '', '',
         '上报人已撤回，不必再办。', 'The report was taken back; nothing more is to be done.'),
        ('incidentJoined', '您上报的事件已并案', 'Your report was joined to another', '', '',
         '与已有事件属同一问题，合并办理。', 'It is of the same matter as an earlier one and follows it.'),
        ('incidentSplit', '您上报的事件单独办理', 'Your report is handled by itself', '', '',
         '经核实为另一问题，单独办理。', 'It turned out to be a matter of its own.'),
        ('deadlineApproaching', '事件即将到期', 'Deadline approaching', '', '',
         '{{clock}}时限为{{dueAt}}，请抓紧办理。', 'The time for its {{clock}} ends at {{dueAt}}; please hurry.'),
        ('deadlineMissed', '事件已超期', 'Deadline missed', '{{#isEscalated}}逐级督办：{{/isEscalated}}',
         '{{#isEscalated}}For your supervision: {{/isEscalated}}',
         '{{clock}}时限{{dueAt}}已过，请督促办理。', 'The time for its {{clock}} ended at {{dueAt}}; please see to it.'),
        ('dueExtended', '事件办理期限已延长', 'Deadline extended', '', '',
         '{{clock}}时限延至{{dueAt}}。', 'The time for its {{clock}} now ends at {{dueAt}}.'),
        ('whistleBlown', '乡镇吹哨，请贵单位报到', 'The town calls your organisation',
         '{{#isEmergency}}特急。{{/isEmergency}}', '{{#isEmergency}}Emergency. {{/isEmergency}}',
         '第{{round}}次吹哨（{{whistle}}），请于{{dueAt}}前答复。',
         'Whistle {{round}} ({{whistle}}); please answer by {{dueAt}}.'),
        ('whistleAnswered', '吹哨已有单位答复', 'A whistle was answered', '', '',
         '第{{round}}次吹哨（{{whistle}}）有单位答复。', 'A unit answered whistle {{round}} ({{whistle}}).')
    ) as i (code, title_zh, title_en, emergency_zh, emergency_en, sentence_zh, sentence_en)
    union all
    values
        ('gridVacancyOpened', '网格岗位空缺', 'A post in a grid is vacant',
         '网格 {{grid}} 的{{role}}岗位无人担任，请补充人员。', 'Nobody is {{role}} in grid {{grid}} now; please appoint somebody.'),
        ('bookingRequested', '有场所预约待审批', 'A booking waits for approval',
         '{{from}}至{{to}}的场所预约待审批。', 'A room was asked for from {{from}} to {{to}}; please decide.'),
        ('bookingApproved', '场所预约已通过', 'Your booking was approved',
         '您预约的{{from}}至{{to}}已通过。', 'Your booking from {{from}} to {{to}} was approved.'),
        ('bookingRefused', '场所预约未通过', 'Your booking was refused',
         '您预约的{{from}}至{{to}}未通过，可改约其他时间。', 'Your booking from {{from}} to {{to}} was refused; another time may be free.'),
        ('bookingCancelled', '场所预约已取消', 'Your booking was cancelled',
         '您预约的{{from}}至{{to}}已取消。', 'Your booking from {{from}} to {{to}} was cancelled.')
) as t (code, title_zh, title_en, body_zh, body_en);
