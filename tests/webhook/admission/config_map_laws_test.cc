// Laws of a driver's ConfigMap that is rewritten, over files that are spelled in every way in which
// Java reads one: only the changed settings' lines differ, what is read afterwards is what was
// decided, and rewriting it again changes nothing.
#include <gtest/gtest.h>

#include <set>
#include <string>
#include <vector>

#include "k8s/json_text.h"
#include "k8s/patch.h"
#include "k8s/properties.h"
#include "tests/policy/random_case.h"
#include "tests/webhook/admission/submission_fixture.h"
#include "webhook/admission/restore.h"

namespace ballast::webhook {
namespace {

using nlohmann::json;
using policy::Dice;

const char* const kPolicy =
    "apiVersion: policy.ballast.dev/v1alpha1\nkind: SparkResourcePolicy\nmetadata: {name: org}\n"
    "spec:\n  mode: Enforce\n  limits: {kryoBufferMax: 1g, driver: {heap: {max: 8g}},\n"
    "    executor: {heap: {max: 12g}, cores: {max: 4}, overheadFactor: {min: 0.15}}}\n"
    "  rules: {executor-shape: Enforce, driver-shape: Enforce, memory-overhead: Enforce,\n"
    "    settings: Enforce}\n"
    "  settings: [{key: spark.law, type: text, default: 'a=b: c'}]\n";

// ---- A random file -----------------------------------------------------------------------------

// One of the spellings that Java reads as this text.
std::string Spelled(Dice& dice, const std::string& text) {
  std::string spelled;
  for (const char c : text) {
    if (dice.OneIn(25)) spelled += dice.OneIn(2) ? "\\\n   " : "\\\r\n\t";
    const bool letter = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    if (letter && dice.OneIn(25)) {
      constexpr const char* kHex = "0123456789abcdef";
      spelled += std::string("\\u00") + kHex[c >> 4] + kHex[c & 15];
    } else {
      if (c == '=' || c == ':' || c == '\\' || c == ' ' || c == '#' || dice.OneIn(30)) {
        // An escape of these four letters is another character.
        if (c != 'n' && c != 't' && c != 'r' && c != 'f' && c != 'u') spelled += '\\';
      }
      spelled += c;
    }
  }
  return spelled;
}

std::string Entry(Dice& dice, const std::string& key, const std::string& value) {
  constexpr const char* kSeparators[] = {"=", "=", ":", " ", " = ", "\t:  "};
  constexpr const char* kEnds[] = {"\n", "\n", "\n", "\r\n"};
  const std::string indent = dice.OneIn(10) ? "  " : "";
  return indent + Spelled(dice, key) + dice.Of(kSeparators) + Spelled(dice, value) + dice.Of(kEnds);
}

std::string RandomFile(Dice& dice) {
  constexpr const char* kBetween[] = {"#Java properties\n",
                                      "! spark.executor.memory=1g\\\n",
                                      "\n",
                                      " \t\r\n",
                                      "# \xC3\xBC\n",
                                      "other.key=\xC3\xBC \\\\\n",
                                      "fs.secret\\ key=hush\\#\n"};
  policy::ConfMap conf = policy::RandomConf(dice);
  conf["spark.app.name"] = "law # " + std::to_string(dice.Between(1, 9));
  std::string file;
  for (const auto& [key, value] : conf) {
    if (dice.OneIn(3)) file += dice.Of(kBetween);
    if (dice.OneIn(15)) file += Entry(dice, key, "28g");  // the last of equal keys counts
    file += Entry(dice, key, value);
  }
  // Its last line may have no end.
  if (dice.OneIn(5)) file += "last=1";
  return file;
}

// ---- The file by itself, as the test reads it --------------------------------------------------

// Lines of the file with those that continue them, without what ends them.
std::vector<std::string> LogicalLines(const std::string& file) {
  std::vector<std::string> lines;
  std::string line;
  for (size_t at = 0; at < file.size();) {
    const size_t end = file.find('\n', at);
    std::string natural = file.substr(at, end == std::string::npos ? end : end - at);
    at = end == std::string::npos ? file.size() : end + 1;
    if (natural.ends_with('\r')) natural.pop_back();
    const size_t first = natural.find_first_not_of(" \t\f");
    const bool aside = line.empty() && (first == std::string::npos || natural[first] == '#' ||
                                        natural[first] == '!');
    size_t backslashes = 0;
    while (backslashes < natural.size() && natural[natural.size() - 1 - backslashes] == '\\') {
      ++backslashes;
    }
    line += (line.empty() ? "" : "\n") + natural;
    if (!aside && backslashes % 2 == 1) continue;
    lines.push_back(std::move(line));
    line.clear();
  }
  if (!line.empty()) lines.push_back(std::move(line));
  return lines;
}

// The lines but those of these keys.
std::vector<std::string> LinesBut(const std::string& file, const std::set<std::string>& keys) {
  std::vector<std::string> kept;
  for (std::string& line : LogicalLines(file)) {
    const auto read = k8s::Properties::Parse(line);
    bool of_these = false;
    for (const auto& [key, value] : read->ToConf().ToMap()) of_these |= keys.contains(key);
    if (!of_these) kept.push_back(std::move(line));
  }
  return kept;
}

// The settings that Spark reads in the file.
policy::ConfMap SettingsIn(const std::string& file) {
  const auto read = k8s::Properties::Parse(file);
  EXPECT_TRUE(read.ok()) << file;
  policy::ConfMap settings;
  if (read.ok()) settings = read->ToConf().ToMap();
  std::erase_if(settings, [](const auto& one) { return !one.first.starts_with("spark."); });
  return settings;
}

json WithFile(const std::string& file) {
  json config_map = ConfigMapOf(Oversized());
  config_map["data"]["spark.properties"] = file;
  return config_map;
}

TEST(ConfigMapLaws, OnlyWhatWasDecidedDiffersAndAgainNothing) {
  Snapshot snapshot = SnapshotOf(kPolicy);
  int rewritten = 0;
  for (uint64_t seed = 1; seed <= 1000; ++seed) {
    SCOPED_TRACE(seed);
    Dice dice(seed);
    snapshot.cluster = policy::RandomCluster(dice);
    const std::string file = RandomFile(dice);
    const json config_map = WithFile(file);
    const AdmissionAnswer answer = Ask(config_map, snapshot);
    EXPECT_EQ(answer.patch_failure, "") << file;
    if (!answer.allowed || answer.patch.empty()) continue;
    ++rewritten;
    const json made = Patched(config_map, answer);
    const std::string after = made["data"]["spark.properties"];

    std::set<std::string> changed;
    for (const policy::SettingChange& change :
         policy::SparkConf::Difference(answer.decision.before.conf, answer.decision.after.conf)) {
      changed.insert(change.key);
    }
    EXPECT_EQ(LinesBut(after, changed), LinesBut(file, changed)) << file;
    EXPECT_EQ(SettingsIn(after), answer.decision.after.conf.ToMap()) << after;
    EXPECT_EQ(k8s::Properties::Parse(after)->Print(), after);
    EXPECT_EQ(k8s::PrintJson(k8s::ToJson(Ask(made, snapshot).patch)), "[]") << after;

    const auto restored = Restore(made);
    ASSERT_TRUE(restored.ok()) << restored.error().what;
    const std::string text = (*restored)["data"]["spark.properties"];
    EXPECT_EQ(SettingsIn(text), answer.decision.before.conf.ToMap()) << text;
  }
  EXPECT_GT(rewritten, 200);
}

}  // namespace
}  // namespace ballast::webhook
