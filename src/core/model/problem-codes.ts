/** Every problem a person can be told of: what the code means and what to do. `docs/errors.md` is made from it. */
export const problemCodes = {
  FILE_NOT_FOUND: {
    meaning: 'The path given does not exist.',
    action: 'Correct the path; it is taken from the directory the command runs in.',
  },
  FILE_UNREADABLE: {
    meaning: 'The file or directory exists and cannot be read.',
    action: 'Look at its permissions and at the reason in the message.',
  },
  FILE_TOO_LARGE: {
    meaning: 'The file is larger than any rule file should be.',
    action: 'Split it, or take it out of the rules directory when it holds something else.',
  },
  FILE_NOT_UTF8: {
    meaning: 'The file is not UTF-8 text.',
    action: 'Save it as UTF-8.',
  },
  NO_RULE_FILES: {
    meaning:
      'A path given holds no *.yaml, *.yml or *.json file (hidden files, *.test.yaml and *.schema.json are left out).',
    action: 'Give the directory that holds the rules.',
  },
  NO_RULE_DOCUMENTS: {
    meaning: 'The file is empty or holds comments only.',
    action: 'Delete it, or put the rules back.',
  },
  YAML_SYNTAX: {
    meaning: 'The text is not valid YAML, so nothing in this document was read.',
    action: 'Correct it at the place given; text with ": ", " #" or a leading {, [, @ or ` must be quoted.',
  },
  YAML_DUPLICATE_KEY: {
    meaning: 'A mapping holds the same key twice.',
    action: 'Keep one of them.',
  },
  YAML_TAG: {
    meaning: 'A tag such as !foo, or a % directive, has no meaning in a rule file.',
    action: 'Remove it; quote the text when it should begin with "!".',
  },
  YAML_ALIAS: {
    meaning: 'An alias (*name) has no anchor (&name) before it, or aliases multiply beyond reason.',
    action: 'Define the anchor first, or write the value out.',
  },
  UNKNOWN_KEY: {
    meaning: 'The key is not part of the format, so it would have no effect.',
    action: 'Correct its spelling or its indentation, or remove it.',
  },
  MISSING_KEY: {
    meaning: 'A key that must be there is missing.',
    action: 'Add it under the mapping that the place points to.',
  },
  WRONG_TYPE: {
    meaning: 'The value has another type than the key needs, for example a number where text is needed.',
    action: 'Write the type that the message names; quotes make text of a number.',
  },
  WRONG_VALUE: {
    meaning: 'The value is not one of those the key can have.',
    action: 'Use one of the values in the message.',
  },
  NOT_SUPPORTED_YET: {
    meaning: 'The construct is part of the format, and this version cannot carry it out.',
    action: 'Leave it out or use what the hint names; it is refused so that it is not ignored in silence.',
  },
  RULE_API_VERSION: {
    meaning: 'The document is not a sloburn rule document.',
    action: 'Begin it with apiVersion: sloburn/v1, or take the file out of the rules.',
  },
  RULE_KIND: {
    meaning: 'There is no such kind of document.',
    action: 'Use SLO, AlertPolicy, Maintenance or Defaults.',
  },
  RULE_NAME: {
    meaning: 'The name cannot be used as an identity: it stands in alert keys, URLs and label values.',
    action: 'Use lower-case letters, digits, "-", "_" and ".", at most 200, with a letter or digit at both ends.',
  },
  RULE_DUPLICATE_NAME: {
    meaning: 'Two documents of one kind have the same name, or a policy has the name of a built-in one.',
    action: 'Rename one; the message names the other place.',
  },
  RULE_OBJECTIVE: {
    meaning: 'The objective is not a percentage above 0 and below 100.',
    action: 'Write the target in percent, for example 99.9; at 100 there would be no error budget.',
  },
  RULE_OBJECTIVE_LOOKS_LIKE_RATIO: {
    meaning: 'The objective is 1 % or less, which is most likely a ratio written where a percentage is meant.',
    action: 'Write 99.9 where 0.999 is meant.',
  },
  RULE_OBJECTIVE_HISTORY: {
    meaning:
      'The objectives of a list do not follow one another: a date is missing, is none, or is not later than the one before.',
    action: 'Write the oldest first; every entry after the first has its date: { from: 2026-10-01, percent: 99.5 }.',
  },
  RULE_DURATION: {
    meaning: 'The text is not a Prometheus duration, or it is zero where time must pass.',
    action: 'Write whole numbers with units from large to small: 30d, 1h30m, 15s.',
  },
  RULE_TIME_ZONE: {
    meaning: 'There is no such time zone.',
    action: 'Use a name of the IANA list, such as Europe/London or UTC; a fixed offset has no calendar.',
  },
  RULE_URL: {
    meaning: 'The link is not an http or https URL.',
    action: 'Write the whole address, beginning with https://.',
  },
  RULE_LABEL_NAME: {
    meaning: 'The label name would not be accepted by Prometheus and Alertmanager.',
    action: 'Use letters, digits and "_", and do not begin with a digit.',
  },
  RULE_INDICATOR: {
    meaning: 'An indicator needs exactly one kind, and a ratio exactly one of good and bad beside total.',
    action: 'Keep one and remove the others.',
  },
  RULE_COUNTERS: {
    meaning: 'The counters are not selectors joined by + and -.',
    action: 'Write PromQL selectors without range, function or aggregation: a_total{x="1"} + b_total.',
  },
  RULE_HISTOGRAM: {
    meaning: 'A latency indicator needs the name of one histogram, without _bucket and without le.',
    action: 'Write http_request_duration_seconds{job="x"}; the bound comes from "below".',
  },
  RULE_BUCKET_BOUND: {
    meaning: 'The histogram has no bucket with this bound, so nothing would count as good.',
    action: 'Take one of the bounds in the message, or give the histogram the bucket; nothing is interpolated.',
  },
  RULE_FORMULA: {
    meaning: 'The formula is not arithmetic or a condition over the named signals.',
    action: 'Use signals, numbers, + - * /, comparisons, and, or, not, min, max and abs.',
  },
  RULE_SIGNAL_NAME: {
    meaning: 'The name of a signal cannot be used in a formula.',
    action: 'Use letters, digits and "_", and none of the words that formulas know.',
  },
  RULE_UNUSED_SIGNAL: {
    meaning: 'A signal is counted and no formula uses it.',
    action: 'Use it, or remove it.',
  },
  RULE_QUERY: {
    meaning: 'The query is not PromQL, or does not say where the window goes.',
    action: 'Correct it at the place given; write $window as the range: rate(errors_total[$window]).',
  },
  RULE_QUERY_FUNCTION: {
    meaning: 'The query calls a function that Prometheus does not know.',
    action: 'Correct its name; when the store behind the region knows it, allow the code.',
  },
  RULE_BAD_NOT_IN_TOTAL: {
    meaning: 'Bad (or good) events are selected that the total does not count, so the ratio mixes two sets of events.',
    action: 'Give the selector every label that the total has.',
  },
  RULE_NOT_ADDITIVE: {
    meaning:
      'The formula is no weighted sum of its signals: its value over two regions or days is not the sum of its values over each.',
    action: 'Use + and - of signals and factors; what falls below zero counts as zero without max().',
  },
  RULE_COMBINE_HIDES_WORST: {
    meaning:
      'The condition asks for a large value, and the largest of all series is taken: one good series hides the bad ones. Or the other way round.',
    action: 'Take min where the value must be above a bound, max where it must be below.',
  },
  RULE_SLICE_STEP: {
    meaning: 'A slice is no multiple of the evaluation interval, so that its ends are interpolated.',
    action: 'Take a slice such as 1m, or an interval that divides it.',
  },
  RULE_UNKNOWN_SLO: {
    meaning: 'A composite names an SLO that no file declares.',
    action: 'Correct the name, or check the file that declares it together with this one.',
  },
  RULE_COMPOSITE: {
    meaning: 'A composite contains itself, the same SLO twice, or one that is many.',
    action: 'Name each SLO once, and none that is made of this one or has groupBy.',
  },
  RULE_GROUP_BY: {
    meaning: 'The SLO cannot be divided by this label.',
    action: 'Do what the hint says.',
  },
  RULE_UNSTABLE_GROUPING: {
    meaning: 'An SLO is divided by a label whose values come and go, such as the pod: budgets begin anew with each.',
    action: 'Group by what stays: tenant, namespace, cluster, handler.',
  },
  RULE_UNKNOWN_REGION: {
    meaning: 'An objective is given for a region that is not among those expected.',
    action: 'Correct the name, or add the region to regions.expected.',
  },
  RULE_SELECTS_EVERYTHING: {
    meaning: 'A selector accepts every series there is.',
    action: 'Name the metric, or a label that only the wanted series have.',
  },
  RULE_THRESHOLD: {
    meaning: 'An alert rule needs exactly one threshold, budget (a share above 0 % up to 100 %) or burnRate (above 0).',
    action: 'Write budget: 2%, or burnRate: 14.4.',
  },
  RULE_SHORT_NOT_SHORTER: {
    meaning: 'The short window of an alert rule is not shorter than its long window.',
    action: 'Take a twelfth of the long window for the short one, as the SRE Workbook does.',
  },
  RULE_UNKNOWN_POLICY: {
    meaning: 'The SLO names an alert policy that no file declares.',
    action: 'Correct the name, or check the file that declares the policy together with this one.',
  },
  RULE_WINDOW_TOO_SHORT: {
    meaning: 'The SLO window is shorter than a long window of its alert policy.',
    action: 'Take a longer SLO window, a policy with shorter windows, or switch that severity off.',
  },
  RULE_NEVER_FIRES: {
    meaning: 'Even if every event fails, the burn rate does not get above the threshold of this alert rule.',
    action: 'Lower the threshold or raise the objective: burn rate x (1 - objective) must be below 1.',
  },
  RULE_ONE_FAILURE_BREAKS: {
    meaning: 'With so few events one failure alone breaks the objective.',
    action: 'Lower the objective, take a longer window, or count something more frequent.',
  },
  RULE_BEYOND_RETENTION: {
    meaning: 'The window reaches further back than history is kept.',
    action: 'Take a shorter window, or keep history for longer.',
  },
  RULE_LABEL_TAKEN: {
    meaning: 'The label has a name that every alert carries already, so it would not be seen.',
    action: 'Give it another name.',
  },
  RULE_UNUSED_POLICY: {
    meaning: 'No SLO names the policy.',
    action: 'Remove it, or name it under alerting.policy.',
  },
  RULE_UNREACHABLE_POLICY: {
    meaning: 'The SLO switches off every severity that its policy has rules for, or sets up one that has none.',
    action: 'Switch a severity on, or take a policy that has rules for it.',
  },
  RULE_DEFAULTS: {
    meaning: 'A Defaults document works for the SLOs of its own file, once.',
    action: 'Keep one in a file, together with the SLOs it is for.',
  },
  RULE_MAINTENANCE: {
    meaning: 'A maintenance does not say when it is, or has no effect.',
    action: 'Give from and to, or recurring with time and duration, and at least one of mute and excludeFromBudget.',
  },
  RULE_ALLOW_UNUSED: {
    meaning: 'Something is allowed that was not found here.',
    action: 'Remove it from allow.',
  },
  IMPORT_LEFT_OUT: {
    meaning: 'Something in a file of another tool has no counterpart here, so nothing comes of it.',
    action: 'Read the reason in the message; docs/migration.md lists what becomes of every key.',
  },
  IMPORT_UNKNOWN_KEY: {
    meaning: 'A key is not part of the format of the other tool, which most likely ignores it in silence.',
    action: 'Correct its spelling or its indentation, or remove it.',
  },
  IMPORT_CHANGED: {
    meaning: 'Something in a file of another tool is carried over with a somewhat different meaning.',
    action: 'Read in the message what is different; convert the file and edit it where that is not wanted.',
  },
  IMPORT_ASSUMED: {
    meaning: 'A file of another tool does not say something that is needed, and this was taken.',
    action: 'Say it in the file where it can, or convert the file and say it there.',
  },
  IMPORT_QUERY: {
    meaning:
      "An expression is no sum of counters: it is asked of each region's Prometheus-compatible API and not counted as it comes.",
    action: 'Nothing, where every region has such a source; else write it as sums of rate or increase over selectors.',
  },
  IMPORT_RENAMED: {
    meaning: 'A name or label of another tool cannot be used here as it is.',
    action: 'Nothing, or choose a name that both accept.',
  },
  IMPORT_UNUSED: {
    meaning: 'A document of OpenSLO is referred to by no SLO, or repeats another, so nothing comes of it.',
    action: 'Check it together with the SLOs that need it, or remove it.',
  },
  IMPORT_REFERENCE: {
    meaning: 'A document of OpenSLO refers to another that no file declares.',
    action: 'Correct the name, or check the file that declares it together with this one.',
  },
  IMPORT_REFUSED: {
    meaning: 'Something that the SLO cannot do without can not be carried over.',
    action: 'Read the reason in the message, and write that part in another way.',
  },
  CONFIG_KIND: {
    meaning: 'A part of the engine config, such as a source or a receiver, is of no kind or of several.',
    action: 'Keep exactly one of the kinds that the message lists.',
  },
  CONFIG_DUPLICATE_NAME: {
    meaning: 'Two sources, or two receivers, have the same name.',
    action: 'Rename one; metrics, routes and the outbox tell them apart by name.',
  },
  CONFIG_UNKNOWN_RECEIVER: {
    meaning: 'A route names a receiver that is not declared.',
    action: 'Correct the name, or declare the receiver under receivers.',
  },
  CONFIG_UNUSED_RECEIVER: {
    meaning: 'No route names the receiver, so it is never told anything.',
    action: 'Add it to a route, or remove it.',
  },
  CONFIG_MATCHER: {
    meaning: 'The text is not a condition on a label, or its regular expression is not valid.',
    action: 'Write a label, one of = != =~ !~, and a value in double quotes: region=~"eu-.*".',
  },
  CONFIG_DURATION: {
    meaning: 'The text is not a Prometheus duration, or is outside the range that makes sense here.',
    action: 'Write whole numbers with units from large to small: 15s, 1m30s.',
  },
  CONFIG_ADDRESS: {
    meaning: 'The text is not an address to listen on.',
    action: 'Write host and port: 127.0.0.1:9712, [::1]:9712, or :9712 for all interfaces.',
  },
  CONFIG_URL: {
    meaning: 'The text is not an http or https URL.',
    action: 'Write the whole address, beginning with http:// or https://.',
  },
  CONFIG_SECRET: {
    meaning: 'The environment variable or file that should hold a secret is missing or empty.',
    action: 'Set it for the process that runs the engine, or correct the name.',
  },
  CONFIG_VALUE: {
    meaning: 'A setting of a source or a receiver cannot work as it is.',
    action: 'Do what the hint says.',
  },
  TEST_NO_FILES: {
    meaning: 'A path given to `sloburn test` holds no *.test.yaml file, or no test whose name is asked for.',
    action: 'Give the file, the directory that holds it, or another pattern.',
  },
  TEST_FORM: {
    meaning: 'A rule test file holds either one test (series and expect) or a list of tests.',
    action: 'Put series and expect at the top, or into the items of tests.',
  },
  TEST_SERIES: {
    meaning: 'A series of a rule test, or its values, are not in the notation of Prometheus.',
    action: 'Write the series as name{label="value"} and its values as 0+10x60, 1 2 3, _ or stale.',
  },
  TEST_UNUSED_SERIES: {
    meaning: 'No SLO of the rules counts the series, so it has no part in the test.',
    action: 'Correct its name or its labels, or remove it.',
  },
  TEST_TIME: {
    meaning: 'A time of a rule test is neither a duration since its start nor RFC 3339, or it lies where it cannot.',
    action: 'Write 1h8m, or 2026-01-01T01:08:00Z; the start must be a multiple of the evaluation interval.',
  },
  TEST_TOO_LARGE: {
    meaning: 'A rule test has more values or more evaluations than are worth waiting for.',
    action: 'Take longer intervals, or tell a shorter story.',
  },
  TEST_UNKNOWN_SLO: {
    meaning: 'An expectation names an SLO that the rules of the test do not declare, or that no series can feed.',
    action: 'Correct the name, or add the rule file that declares it.',
  },
  TEST_UNKNOWN_SCOPE: {
    meaning: 'An expectation names a scope that is neither a region of the test nor global.',
    action: 'Correct it; regions are the values of the region label in the series, and those that the SLO expects.',
  },
  TEST_UNKNOWN_RECEIVER: {
    meaning: 'An expectation names a receiver that neither a route of the test nor the SLO names.',
    action: 'Correct it, or add the routes of the engine config to the test file.',
  },
  TEST_WINDOW: {
    meaning: 'The window of a burn rate is longer than what is kept of the counts.',
    action: 'Take a window up to the length of the SLO window.',
  },
  TEST_NOT_FIRED: {
    meaning: 'An alert did not fire at the time, in the scope or by the rule that the test expects.',
    action: 'Compare with the nearest alert and the burn rates shown, and correct the rules or the expectation.',
  },
  TEST_NOT_RESOLVED: {
    meaning: 'An alert did not resolve at the time that the test expects.',
    action: 'Compare with the nearest alert and the burn rates shown, and correct the rules or the expectation.',
  },
  TEST_RECEIVERS: {
    meaning: 'An alert went to other receivers than the test expects.',
    action: 'Correct the routes of the test, the receivers of the SLO, or the expectation.',
  },
  TEST_UNEXPECTED_ALERT: {
    meaning: 'An alert fired that no expectation of the test speaks of.',
    action: 'Expect it, correct the rules, or write alerts: listed where only the alerts listed matter.',
  },
  TEST_OPEN_ALERTS: {
    meaning: 'Other alerts are open at a time than the test expects.',
    action: 'Compare the two lists shown.',
  },
  TEST_FIGURE: {
    meaning: 'A budget, a burn rate or a count is not what the test expects.',
    action: 'Compare with the figures shown; tolerance widens what is accepted.',
  },
  COMPILE_NOT_EXPRESSIBLE: {
    meaning: 'Rules of a ruler cannot express the SLO, so none were made for it.',
    action: 'Let the engine evaluate it, or change what the message names.',
  },
  COMPILE_LESS: {
    meaning: 'Rules were made, and they do less than the engine does.',
    action: 'Read what is left out; docs/compile.md says what that means.',
  },
} as const satisfies Readonly<Record<string, { readonly meaning: string; readonly action: string }>>

export type ProblemCode = keyof typeof problemCodes
