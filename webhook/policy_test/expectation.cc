#include "webhook/policy_test/expectation.h"

#include <algorithm>
#include <span>
#include <utility>

#include "policy/policy_values.h"
#include "policy/rule_defaults.h"
#include "webhook/policy_file/policy_yaml_exception.h"
#include "webhook/policy_file/yaml_mistakes.h"
#include "webhook/policy_file/yaml_tree.h"
#include "webhook/policy_test/expected_sizes.h"

namespace ballast::webhook {
namespace {

using Words = std::span<const std::string_view>;

constexpr std::string_view kVerdicts[] = {"Admitted", "Rewritten", "Rejected", "Exempt"};
constexpr std::string_view kActions[] = {"Rewrite", "Reject", "Warn"};
constexpr std::string_view kSeverities[] = {"info", "low", "medium", "high", "critical"};

// The word under a key, one of a list; empty where it is not there or something else.
std::string WordOf(const YamlNode& map, std::string_view key, std::string_view path, Words words,
                   Mistakes& mistakes) {
  const std::string word = TextOf(map, key, path, mistakes);
  if (word.empty() || std::find(words.begin(), words.end(), word) != words.end()) return word;
  mistakes.Add(*map.Find(key), Join(path, key) + " is '" + word + "'" + Suggestion(word, words));
  return "";
}

// A date is its first moment here; where an exception ends on it, it is the last.
policy::Result<int64_t> ReadToday(std::string_view text) {
  constexpr int64_t kDay = int64_t{24} * 3600;
  constexpr size_t kDateAlone = 10;
  const auto moment = ReadMoment(text);
  if (!moment || text.size() > kDateAlone) return moment;
  return *moment - kDay;
}

std::string RuleOf(const YamlNode& finding, const std::string& path, Mistakes& mistakes) {
  if (finding.Find("rule") == nullptr) {
    mistakes.Add(finding, path + " names no rule; write rule: executor-shape");
    return "";
  }
  std::vector<std::string_view> ids;
  for (const policy::RuleDefault& rule : policy::RuleDefaults()) ids.push_back(rule.id);
  return WordOf(finding, "rule", path, ids, mistakes);
}

std::vector<ExpectedFinding> ReadFindings(const YamlNode& node, const std::string& path,
                                          Mistakes& mistakes) {
  static constexpr std::string_view kKeys[] = {"rule", "action", "severity", "message"};
  std::vector<ExpectedFinding> findings;
  if (!ExpectList(node, path, "a list of findings", mistakes)) return findings;
  for (size_t i = 0; i < node.values.size(); ++i) {
    const YamlNode& one = node.values[i];
    const std::string at = Item(path, i);
    if (!ExpectMap(one, at, "a map {rule, action, severity, message}", mistakes)) continue;
    CheckKeys(one, at, kKeys, mistakes);
    ExpectedFinding finding;
    finding.rule = RuleOf(one, at, mistakes);
    finding.action = WordOf(one, "action", at, kActions, mistakes);
    finding.severity = WordOf(one, "severity", at, kSeverities, mistakes);
    finding.message = TextOf(one, "message", at, mistakes);
    findings.push_back(std::move(finding));
  }
  return findings;
}

ExpectedDocument ReadDocument(const YamlNode& node, const std::string& file,
                              const std::string& path, Mistakes& mistakes) {
  ExpectedDocument document;
  document.place = PlaceOf(file, node);
  document.kind = TextOf(node, "kind", path, mistakes);
  document.name = TextOf(node, "name", path, mistakes);
  document.verdict = WordOf(node, "verdict", path, kVerdicts, mistakes);
  if (const YamlNode* findings = node.Find("findings")) {
    document.findings = ReadFindings(*findings, Join(path, "findings"), mistakes);
  }
  document.more_findings =
      ValueOf(node, "moreFindings", path, "true or false", policy::ReadTruth, false, mistakes);
  if (node.Find("moreFindings") != nullptr && !document.findings) {
    mistakes.Add(*node.Find("moreFindings"),
                 Join(path, "moreFindings") + " without findings: any are right then");
  }
  if (const YamlNode* after = node.Find("after")) {
    document.after = ReadExpectedSizes(*after, Join(path, "after"), mistakes);
  }
  if (node.Find("verdict") == nullptr && !document.findings && node.Find("after") == nullptr) {
    mistakes.Add(node, (path.empty() ? "this case" : path) +
                           " expects nothing; write verdict, findings or after");
  }
  return document;
}

void ReadDocuments(const YamlNode& list, const std::string& file, Expectation& expectation,
                   Mistakes& mistakes) {
  static constexpr std::string_view kKeys[] = {"kind",     "name",         "namespace", "verdict",
                                               "findings", "moreFindings", "after"};
  if (!ExpectList(list, "documents", "a list of what is expected", mistakes)) return;
  if (list.values.empty()) mistakes.Add(list, "documents is empty: nothing is expected");
  for (size_t i = 0; i < list.values.size(); ++i) {
    const YamlNode& one = list.values[i];
    const std::string path = Item("documents", i);
    if (!ExpectMap(one, path, "a map {name, verdict, findings}", mistakes)) continue;
    CheckKeys(one, path, kKeys, mistakes);
    if (one.Find("name") == nullptr) mistakes.Add(one, path + " names no object; write name");
    ExpectedDocument document = ReadDocument(one, file, path, mistakes);
    document.namespace_name = TextOf(one, "namespace", path, mistakes);
    expectation.documents.push_back(std::move(document));
  }
}

void ReadFile(const YamlNode& root, const std::string& file, Expectation& expectation,
              Mistakes& mistakes) {
  static constexpr std::string_view kKeys[] = {"description",  "date", "namespace", "documents",
                                               "kind",         "name", "verdict",   "findings",
                                               "moreFindings", "after"};
  if (root.kind != YamlNode::Kind::kMap) {
    mistakes.Add(root, "expect.yaml is a map {verdict, findings, after} or {documents}");
    return;
  }
  CheckKeys(root, "", kKeys, mistakes);
  expectation.description = TextOf(root, "description", "", mistakes);
  expectation.now_seconds =
      ValueOf(root, "date", "", "a date: 2026-12-31", ReadToday, int64_t{0}, mistakes);
  if (root.Find("namespace") != nullptr) {
    expectation.namespace_name = TextOf(root, "namespace", "", mistakes);
  }
  const YamlNode* documents = root.Find("documents");
  if (documents == nullptr) {
    expectation.documents = {ReadDocument(root, file, "", mistakes)};
    return;
  }
  expectation.many = true;
  for (const std::string_view key :
       {"kind", "name", "verdict", "findings", "moreFindings", "after"}) {
    if (const YamlNode* beside = root.Find(key)) {
      mistakes.Add(*beside,
                   std::string(key) + " stands beside documents; write it in each of them");
    }
  }
  ReadDocuments(*documents, file, expectation, mistakes);
}

}  // namespace

std::variant<Expectation, std::vector<policy::Error>> ReadExpectation(std::string_view text,
                                                                      const std::string& file) {
  const auto documents = ReadYaml(text, file);
  if (!documents) return std::vector<policy::Error>{documents.error()};
  if (documents->size() != 1) {
    return std::vector<policy::Error>{
        {documents->empty() ? file : PlaceOf(file, (*documents)[1]),
         documents->empty() ? "is empty: write verdict: Admitted, for example"
                            : "is a second document: write one, with documents: [...] in it"}};
  }
  Mistakes mistakes(file);
  Expectation expectation;
  ReadFile(documents->front(), file, expectation, mistakes);
  if (!mistakes.empty()) return mistakes.Take();
  return expectation;
}

}  // namespace ballast::webhook
