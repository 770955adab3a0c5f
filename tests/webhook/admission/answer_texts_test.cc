#include "webhook/admission/answer_texts.h"

#include <gtest/gtest.h>

namespace ballast::webhook {
namespace {

TEST(Warnings, AreCutAtACharacter) {
  const std::string ascii(120, 'x');
  const std::string whale = "\xF0\x9F\x90\x8B";
  std::string whales;
  for (int i = 0; i < 120; ++i) whales += whale;
  std::vector<std::string> warnings = {ascii, ascii + "x", whales, whales + "x", "a\nb\x7f"};
  FitWarnings(warnings);
  EXPECT_EQ(warnings[0], ascii);
  EXPECT_EQ(warnings[1], std::string(119, 'x') + "\xE2\x80\xA6");
  EXPECT_EQ(warnings[2], whales);
  EXPECT_EQ(warnings[3], whales.substr(0, 119 * 4) + "\xE2\x80\xA6");
  EXPECT_EQ(warnings[4], "a b ");
}

TEST(Warnings, TogetherFitTheApiServer) {
  std::vector<std::string> warnings(100, std::string(110, 'w'));
  FitWarnings(warnings);
  size_t bytes = 0;
  for (const std::string& warning : warnings) bytes += warning.size();
  EXPECT_LE(bytes, 4096u);
  EXPECT_EQ(warnings.size(), 37u);
  EXPECT_EQ(warnings.back(), "and 64 more findings");
}

TEST(ManifestPart, IsYaml) {
  const k8s::Patch patch = {
      {"add", "/spec/sparkConf", nlohmann::json::object()},
      {"add", "/spec/sparkConf/spark.kryoserializer.buffer.max", "1g"},
      {"replace", "/spec/executor/instances", 20},
      {"replace", "/spec/executor/memory", "28g"},
      {"add", "/spec/sparkConf/on", "a~1b\n"},
      {"add", "/spec/sparkConf/a~1b c", "x"},
      {"remove", "/spec/executor/coreLimit", nullptr},
  };
  EXPECT_EQ(ManifestPart(patch),
            "spec:\n"
            "  executor:\n"
            "    instances: 20\n"
            "    memory: \"28g\"\n"
            "  sparkConf:\n"
            "    \"a/b c\": \"x\"\n"
            "    \"on\": \"a~1b\\n\"\n"
            "    spark.kryoserializer.buffer.max: \"1g\"\n"
            "# without /spec/executor/coreLimit\n");
}

TEST(Rules, EachIsNamedOnce) {
  policy::Decision decision;
  const auto add = [&](std::string_view rule, policy::Action action) {
    policy::Finding finding;
    finding.rule = rule;
    finding.action = action;
    finding.message = "m";
    decision.findings.push_back(finding);
  };
  add("kryo-buffer", policy::Action::kWarn);
  add("kryo-buffer", policy::Action::kRewrite);
  add("cores", policy::Action::kWarn);
  add("kryo-buffer", policy::Action::kRewrite);
  add("cluster-share", policy::Action::kReject);
  EXPECT_EQ(RulesOf(decision, false), "kryo-buffer,cores,cluster-share");
  EXPECT_EQ(RulesOf(decision, true), "kryo-buffer,cluster-share");
  EXPECT_EQ(RejectionText(decision), "ballast: rejected: cluster-share: m");
  EXPECT_EQ(WarningsOf(decision).size(), 4u);
}

}  // namespace
}  // namespace ballast::webhook
