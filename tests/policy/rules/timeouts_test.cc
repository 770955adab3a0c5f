#include "policy/rules/rules.h"
#include "tests/policy/rules/rule_case.h"

namespace ballast::policy {
namespace {

void Between300And900s(Workload&, Policy& policy) {
  policy.limits.network_timeout = {300'000, 900'000};
}
void AtMost90s(Workload&, Policy& policy) { policy.limits.network_timeout.max = 90'000; }
void AtMost30s(Workload&, Policy& policy) { policy.limits.network_timeout.max = 30'000; }
void AskAtLeast300s(Workload&, Policy& policy) { policy.limits.rpc_ask_timeout.min = 300'000; }
void BothAtLeast300s(Workload&, Policy& policy) {
  policy.limits.network_timeout.min = 300'000;
  policy.limits.rpc_ask_timeout.min = 300'000;
}

const RuleCase kCases[] = {
    {"Unset", {}, nullptr, ""},
    {"AtTheMinimum", {{"spark.network.timeout", "5min"}}, Between300And900s, ""},
    {"UnderTheMinimum",
     {{"spark.network.timeout", "299s"}},
     Between300And900s,
     "rewrite: spark.network.timeout=299s: the policy wants at least 300s; use 300s "
     "[spark.network.timeout=300s]"},
    {"DefaultUnderTheMinimum",
     {},
     Between300And900s,
     "rewrite: spark.network.timeout unset: the policy wants at least 300s; use 300s "
     "[spark.network.timeout=300s]"},
    {"AtTheMaximum", {{"spark.network.timeout", "900"}}, Between300And900s, ""},
    {"OverTheMaximum",
     {{"spark.network.timeout", "901"}},
     Between300And900s,
     "rewrite: spark.network.timeout=901: the policy wants at most 900s; use 900s "
     "[spark.network.timeout=900s]"},
    {"ShortestThatTheContextTakes", {{"spark.network.timeout", "60s"}}, nullptr, ""},
    {"TooShortForTheContext",
     {{"spark.network.timeout", "59s"}},
     nullptr,
     "rewrite: spark.network.timeout=59s: the SparkContext refuses less than "
     "spark.network.timeoutInterval; use 60s [spark.network.timeout=60s]"},
    {"ShorterIntervalShorterTimeout",
     {{"spark.network.timeout", "30s"}, {"spark.network.timeoutInterval", "30s"}},
     nullptr,
     ""},
    {"TheContextBeatsThePolicy",
     {},
     AtMost30s,
     "rewrite: spark.network.timeout unset: the SparkContext refuses less than "
     "spark.network.timeoutInterval; use 60s [spark.network.timeout=60s]"},
    {"AtTheHeartbeat",
     {{"spark.network.timeout", "120s"}, {"spark.executor.heartbeatInterval", "120s"}},
     nullptr,
     "rewrite: spark.network.timeout=120s: must be longer than spark.executor.heartbeatInterval, "
     "120s; use 240s [spark.network.timeout=240s]"},
    {"TruncatedToTheHeartbeat",
     {{"spark.network.timeout", "60999ms"}, {"spark.executor.heartbeatInterval", "60s"}},
     nullptr,
     "rewrite: spark.network.timeout=60999ms: must be longer than "
     "spark.executor.heartbeatInterval, 60s; use 120s [spark.network.timeout=120s]"},
    {"HeartbeatWithoutAUnitIsMilliseconds",
     {{"spark.network.timeout", "60s"}, {"spark.executor.heartbeatInterval", "120"}},
     nullptr,
     ""},
    {"TheMaximumLeavesOnlyTheHeartbeat",
     {{"spark.executor.heartbeatInterval", "100s"}},
     AtMost90s,
     "rewrite: spark.network.timeout unset: the policy wants at most 90s; use 90s "
     "[spark.network.timeout=90s]\n"
     "rewrite: spark.executor.heartbeatInterval=100s: must be shorter than spark.network.timeout, "
     "90s; use 30s [spark.executor.heartbeatInterval=30s]"},
    {"HeartbeatAtHalf", {{"spark.executor.heartbeatInterval", "60s"}}, nullptr, ""},
    {"HeartbeatOverHalf",
     {{"spark.executor.heartbeatInterval", "61s"}},
     nullptr,
     "warn: spark.executor.heartbeatInterval=61s: one late heartbeat loses an executor, since "
     "spark.network.timeout is 120s"},
    {"AskFollowsTheNetwork", {{"spark.network.timeout", "300s"}}, AskAtLeast300s, ""},
    {"AskUnderTheMinimum",
     {{"spark.network.timeout", "300s"}, {"spark.rpc.askTimeout", "299s"}},
     AskAtLeast300s,
     "rewrite: spark.rpc.askTimeout=299s: the policy wants at least 300s; use 300s "
     "[spark.rpc.askTimeout=300s]"},
    {"AskByDefaultUnderTheMinimum",
     {},
     AskAtLeast300s,
     "rewrite: spark.rpc.askTimeout unset: the policy wants at least 300s; use 300s "
     "[spark.rpc.askTimeout=300s]"},
    {"AskFollowsTheNetworkAsRaised",
     {},
     BothAtLeast300s,
     "rewrite: spark.network.timeout unset: the policy wants at least 300s; use 300s "
     "[spark.network.timeout=300s]"},
    {"Unreadable", {{"spark.network.timeout", "soon"}}, Between300And900s, ""},
    {"Endless", {{"spark.network.timeout", "9223372036854775807"}}, nullptr, ""},
};

BALLAST_RULE_CASES(Timeouts, kTimeouts, kCases);

}  // namespace
}  // namespace ballast::policy
