#include "tests/policy/rules/cluster_case.h"

namespace ballast::policy {
namespace {

std::string Answer(const Rule& rule, ClusterScene& scene) {
  const Context context = MakeContext(scene.workload, scene.policy, scene.cluster);
  std::string text;
  for (const Judgement& judgement : rule.judge(scene.workload, context)) {
    if (!text.empty()) text += '\n';
    constexpr std::string_view kVerbs[] = {"warn", "rewrite", "reject"};
    text += kVerbs[static_cast<size_t>(judgement.finding.action)];
    text += ": " + judgement.finding.message;
    EXPECT_FALSE(judgement.finding.reason.empty());
    EXPECT_EQ(judgement.changes.empty(), judgement.finding.action != Action::kRewrite);
    std::string changes;
    for (const SettingChange& change : judgement.changes) {
      changes += changes.empty() ? " [" : ", ";
      changes += change.value ? change.key + "=" + *change.value : "-" + change.key;
      scene.workload.conf.Apply(change);
    }
    text += changes.empty() ? "" : changes + "]";
  }
  Derive(scene.workload);
  return text;
}

}  // namespace

NodeClass NodesOf(const char* name, int64_t count, MilliCpu cpu, ByteSize memory) {
  NodeClass nodes;
  nodes.name = name;
  nodes.allocatable = {cpu, memory, 110, {}};
  nodes.count = nodes.ready = count;
  return nodes;
}

void CheckClusterCase(const Rule& rule, const ClusterCase& test) {
  SCOPED_TRACE(test.name);
  ConfMap conf = {{"spark.driver.memory", "2g"},
                  {"spark.executor.memory", "28g"},
                  {"spark.executor.memoryOverhead", "4g"},
                  {"spark.executor.cores", "4"},
                  {"spark.executor.instances", "200"}};
  for (const auto& [key, value] : test.conf) {
    if (value.empty()) {
      conf.erase(key);
    } else {
      conf[key] = value;
    }
  }
  ClusterScene scene;
  scene.workload = WorkloadOf(conf);
  scene.policy = BuiltInPolicy();
  scene.policy.rules[std::string(rule.id)] = Mode::kEnforce;
  scene.policy.rules["executor-shape"] = Mode::kEnforce;
  scene.cluster = {true, {NodesOf("node", 100, Cores(10), Gibibytes(39))}, {}};
  if (test.arrange) test.arrange(scene);
  ASSERT_TRUE(scene.workload.sizes.ok());
  EXPECT_EQ(Answer(rule, scene), test.want);
  if (test.want.find("reject: ") != std::string::npos) return;
  const std::string again = Answer(rule, scene);
  EXPECT_EQ(again.find("rewrite: "), std::string::npos) << again;
  EXPECT_EQ(again.find("reject: "), std::string::npos) << again;
}

}  // namespace ballast::policy
