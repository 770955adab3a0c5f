#include "tests/policy/rules/rule_case.h"

namespace ballast::policy {
namespace {

std::string_view Verb(Action action) {
  switch (action) {
    case Action::kWarn:
      return "warn";
    case Action::kRewrite:
      return "rewrite";
    case Action::kReject:
      return "reject";
  }
  return "";
}

void Take(const Verdict& verdict, Workload& workload, std::string& text) {
  for (const Judgement& judgement : verdict) {
    if (!text.empty()) text += '\n';
    text += Verb(judgement.finding.action);
    text += ": " + judgement.finding.message;
    EXPECT_EQ(judgement.changes.empty(), judgement.finding.action != Action::kRewrite);
    EXPECT_FALSE(judgement.finding.reason.empty());
    std::string changes;
    for (const SettingChange& change : judgement.changes) {
      changes += changes.empty() ? " [" : ", ";
      changes += change.value ? change.key + "=" + *change.value : "-" + change.key;
      workload.conf.Apply(change);
    }
    text += changes.empty() ? "" : changes + "]";
  }
  Derive(workload);
}

}  // namespace

std::string NameOf(const ::testing::TestParamInfo<RuleCase>& row) { return row.param.name; }

Workload MakeWorkload(const Pairs& conf) {
  Workload workload;
  workload.versions = {{3, 5}, {3, 5}};
  workload.conf = SparkConf(conf);
  return workload;
}

std::string AnswerOf(const Rule& rule, Workload& workload, const Policy& policy) {
  const ClusterCapacity cluster;
  Policy enforced = policy;
  enforced.rules[std::string(rule.id)] = Mode::kEnforce;
  const Context context = MakeContext(workload, enforced, cluster);
  std::string text;
  Derive(workload);
  if (rule.repair) Take(rule.repair(workload, context), workload, text);
  if (!rule.needs_sizes || workload.sizes.ok()) {
    Take(rule.judge(workload, context), workload, text);
  }
  return text;
}

void Check(const Rule& rule, const RuleCase& test) {
  Workload workload = MakeWorkload(test.conf);
  Policy policy;
  if (test.arrange) test.arrange(workload, policy);
  EXPECT_EQ(AnswerOf(rule, workload, policy), test.want);
  if (test.want.find("reject: ") != std::string::npos) return;
  const std::string again = AnswerOf(rule, workload, policy);
  EXPECT_EQ(again.find("rewrite: "), std::string::npos) << again;
  EXPECT_EQ(again.find("reject: "), std::string::npos) << again;
}

}  // namespace ballast::policy
