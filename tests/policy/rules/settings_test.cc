#include "policy/rules/rules.h"
#include "tests/policy/rules/rule_case.h"

namespace ballast::policy {
namespace {

using Type = SettingRule::Type;

SettingRule& Row(Policy& policy, const char* key, Type type) {
  SettingRule& row = policy.settings[key];
  row.key = key;
  row.type = type;
  return row;
}

void Timeout(Workload&, Policy& policy) {
  SettingRule& row = Row(policy, "spark.network.timeout", Type::kTime);
  row.min = "120s";
  row.default_value = "600s";
}
void TimeoutWithoutDefault(Workload&, Policy& policy) {
  SettingRule& row = Row(policy, "spark.network.timeout", Type::kTime);
  row.min = "5min";
  row.max = "10min";
}
void MessageTo1024(Workload&, Policy& policy) {
  Row(policy, "spark.rpc.message.maxSize", Type::kNumber).max = "1024";
}
void HeapAsKubernetesWritesIt(Workload&, Policy& policy) {
  SettingRule& row = Row(policy, "spark.executor.memory", Type::kSize);
  row.min = "2Gi";
  row.max = "8Gi";
}
void LocalityOrSpeculation(Workload&, Policy& policy) {
  Row(policy, "spark.locality.wait", Type::kTime).allowed = {"3s", "1s"};
  SettingRule& row = Row(policy, "spark.speculation", Type::kBoolean);
  row.allowed = {"false"};
  row.default_value = "false";
}
void Codecs(Workload&, Policy& policy) {
  Row(policy, "spark.io.compression.codec", Type::kText).allowed = {"lz4", "zstd"};
}
void Required(Workload&, Policy& policy) {
  Row(policy, "spark.kubernetes.driver.label.team", Type::kText).required = true;
}
void Forbidden(Workload&, Policy& policy) {
  Row(policy, "spark.driver.extraJavaOptions", Type::kText).forbidden = true;
}
void Unknown(Workload&, Policy& policy) {
  SettingRule& row = Row(policy, "spark.acme.buffer", Type::kSize);
  row.min = "1m";
  row.max = "64m";
}
void Ratio(Workload&, Policy& policy) {
  SettingRule& row = Row(policy, "spark.acme.ratio", Type::kNumber);
  row.min = "0.25";
  row.max = "0.75";
}

const RuleCase kCases[] = {
    {"EmptyList", {{"spark.network.timeout", "1s"}}, nullptr, ""},
    {"DefaultWhereUnset",
     {},
     Timeout,
     "rewrite: spark.network.timeout unset: the policy's default is 600s; use 600s "
     "[spark.network.timeout=600s]"},
    {"AtTheMinimumInAnotherSpelling", {{"spark.network.timeout", "2min"}}, Timeout, ""},
    {"AtTheMinimumWithoutAUnit", {{"spark.network.timeout", "120"}}, Timeout, ""},
    {"UnderTheMinimum",
     {{"spark.network.timeout", "119s"}},
     Timeout,
     "rewrite: spark.network.timeout=119s: the policy wants at least 120s; use 120s "
     "[spark.network.timeout=120s]"},
    {"SparksDefaultUnderTheMinimum",
     {},
     TimeoutWithoutDefault,
     "rewrite: spark.network.timeout unset: the policy wants at least 5min, Spark's default is "
     "120s; use 5min [spark.network.timeout=5min]"},
    {"OverTheMaximum",
     {{"spark.network.timeout", "601"}},
     TimeoutWithoutDefault,
     "rewrite: spark.network.timeout=601: the policy wants at most 10min; use 10min "
     "[spark.network.timeout=10min]"},
    {"NotATime",
     {{"spark.network.timeout", "long"}},
     Timeout,
     "reject: spark.network.timeout=long: must be a time as Spark writes it, such as 120s"},
    {"NumberAtTheMaximum", {{"spark.rpc.message.maxSize", "1024"}}, MessageTo1024, ""},
    {"NumberOverTheMaximum",
     {{"spark.rpc.message.maxSize", "1025"}},
     MessageTo1024,
     "rewrite: spark.rpc.message.maxSize=1025: the policy wants at most 1024; use 1024 "
     "[spark.rpc.message.maxSize=1024]"},
    {"SizeAtTheMaximum", {{"spark.executor.memory", "8192m"}}, HeapAsKubernetesWritesIt, ""},
    {"SizeOverTheMaximum",
     {{"spark.executor.memory", "8193m"}},
     HeapAsKubernetesWritesIt,
     "rewrite: spark.executor.memory=8193m: the policy wants at most 8g; use 8g "
     "[spark.executor.memory=8g]"},
    {"SizeByDefaultUnderTheMinimum",
     {},
     HeapAsKubernetesWritesIt,
     "rewrite: spark.executor.memory unset: the policy wants at least 2g, Spark's default is 1g; "
     "use 2g [spark.executor.memory=2g]"},
    {"AllowedByValue",
     {{"spark.locality.wait", "3000ms"}, {"spark.speculation", "FALSE"}},
     LocalityOrSpeculation,
     ""},
    {"NotAllowed",
     {{"spark.locality.wait", "2s"}, {"spark.speculation", "true"}},
     LocalityOrSpeculation,
     "rewrite: spark.speculation=true: the policy allows false; use false "
     "[spark.speculation=false]\n"
     "reject: spark.locality.wait=2s: the policy allows 3s, 1s"},
    {"TextIsComparedAsItIs",
     {{"spark.io.compression.codec", "LZ4"}},
     Codecs,
     "reject: spark.io.compression.codec=LZ4: the policy allows lz4, zstd"},
    {"AllowedText", {{"spark.io.compression.codec", "zstd"}}, Codecs, ""},
    {"RequiredAndUnset",
     {},
     Required,
     "reject: spark.kubernetes.driver.label.team unset: the policy requires a value"},
    {"RequiredAndSet", {{"spark.kubernetes.driver.label.team", "etl"}}, Required, ""},
    {"ForbiddenAndSet",
     {{"spark.driver.extraJavaOptions", "-Dx=y"}},
     Forbidden,
     "reject: spark.driver.extraJavaOptions (its value is not shown): the policy forbids this "
     "setting"},
    {"ForbiddenAndUnset", {}, Forbidden, ""},
    {"KeyThatSparkDoesNotKnow",
     {{"spark.acme.buffer", "1"}},
     Unknown,
     "rewrite: spark.acme.buffer=1: the policy wants at least 1m; use 1m [spark.acme.buffer=1m]"},
    {"KeyThatSparkDoesNotKnowUnset", {}, Unknown, ""},
    {"BrokenNumber",
     {{"spark.acme.ratio", "0.8"}},
     Ratio,
     "rewrite: spark.acme.ratio=0.8: the policy wants at most 0.75; use 0.75 "
     "[spark.acme.ratio=0.75]"},
    {"BrokenNumberAtTheMinimum", {{"spark.acme.ratio", "2.5e-1"}}, Ratio, ""},
    {"NotANumber",
     {{"spark.acme.ratio", "NaN"}},
     Ratio,
     "reject: spark.acme.ratio=NaN: must be a number"},
};

BALLAST_RULE_CASES(Settings, kSettings, kCases);

}  // namespace
}  // namespace ballast::policy
