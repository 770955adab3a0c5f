#include "webhook/policy_test/run_case.h"

#include <iterator>
#include <string_view>
#include <utility>
#include <variant>

#include "k8s/nodes.h"
#include "k8s/text_at.h"
#include "webhook/admission/check_document.h"
#include "webhook/commands/read_files.h"
#include "webhook/commands/workloads.h"
#include "webhook/policy_test/compare.h"
#include "webhook/policy_test/expectation.h"
#include "webhook/server/capacity_id.h"
#include "webhook/version.h"

namespace ballast::webhook {
namespace {

using Documents = std::vector<k8s::ManifestDocument>;

std::string NamespaceOf(const k8s::ManifestDocument& document, const Expectation& expectation) {
  const std::string name = k8s::TextIn(document.object, "/metadata/namespace");
  return name.empty() ? expectation.namespace_name : name;
}

std::string NameOf(const k8s::ManifestDocument& document, const Expectation& expectation) {
  return k8s::TextIn(document.object, "/kind") + " " + NamespaceOf(document, expectation) + "/" +
         k8s::TextIn(document.object, "/metadata/name");
}

// What expectations are about: Spark objects, not a Service beside them; but a single document
// whatever it is.
std::vector<const k8s::ManifestDocument*> Judged(const Documents& documents) {
  if (documents.size() == 1) return {&documents.front()};
  std::vector<const k8s::ManifestDocument*> judged;
  for (const k8s::ManifestDocument& document : documents) {
    if (KindOf(document) != nullptr) judged.push_back(&document);
  }
  return judged;
}

bool IsAbout(const ExpectedDocument& expected, const k8s::ManifestDocument& document,
             const Expectation& expectation) {
  return (expected.kind.empty() || expected.kind == k8s::TextIn(document.object, "/kind")) &&
         (expected.name.empty() ||
          expected.name == k8s::TextIn(document.object, "/metadata/name")) &&
         (expected.namespace_name.empty() ||
          expected.namespace_name == NamespaceOf(document, expectation));
}

struct Pair {
  const ExpectedDocument* expected;
  const k8s::ManifestDocument* document;
};

// Each expectation with its one object, and no object without an expectation.
std::vector<Pair> PairUp(const Expectation& expectation,
                         const std::vector<const k8s::ManifestDocument*>& documents,
                         std::vector<policy::Error>& mistakes) {
  std::vector<Pair> pairs;
  std::vector<int> named(documents.size(), 0);
  for (const ExpectedDocument& expected : expectation.documents) {
    std::vector<size_t> found;
    for (size_t i = 0; i < documents.size(); ++i) {
      if (IsAbout(expected, *documents[i], expectation)) found.push_back(i);
    }
    for (const size_t i : found) ++named[i];
    if (found.size() == 1) {
      pairs.push_back({&expected, documents[found.front()]});
    } else if (found.empty()) {
      mistakes.push_back({expected.place, "no object of the manifests is so named"});
    } else {
      mistakes.push_back(
          {expected.place, "is about " + std::to_string(found.size()) + " objects: " +
                               (expectation.many ? "add kind or namespace"
                                                 : "write documents: [{name, verdict}, ...]")});
      named.assign(named.size(), 1);
    }
  }
  for (size_t i = 0; i < documents.size(); ++i) {
    if (named[i] == 1) continue;
    mistakes.push_back(
        {documents[i]->PlaceOf(""),
         NameOf(*documents[i], expectation) + (named[i] == 0 ? " is in no expectation of the case"
                                                             : " is in several expectations")});
  }
  return pairs;
}

}  // namespace

CaseRunner::Files CaseRunner::Read(const PolicyCase& one, Mistakes& mistakes) {
  Files files;
  if (!one.policy.empty()) {
    auto found = policies_.find(one.policy);
    if (found == policies_.end()) {
      found = policies_.emplace(one.policy, ReadPolicies({one.policy})).first;
    }
    if (const auto* wrong = std::get_if<Mistakes>(&found->second)) {
      mistakes.insert(mistakes.end(), wrong->begin(), wrong->end());
    } else {
      files.policies = std::get<policy::PolicySet>(found->second);
    }
  }
  if (!one.cluster.empty()) {
    auto found = clusters_.find(one.cluster);
    if (found == clusters_.end()) {
      found = clusters_.emplace(one.cluster, k8s::ReadNodesFile(one.cluster)).first;
    }
    if (found->second) {
      files.cluster = *found->second;
    } else {
      mistakes.push_back(found->second.error());
    }
  }
  if (!one.namespaces.empty()) {
    auto found = namespaces_.find(one.namespaces);
    if (found == namespaces_.end()) {
      found = namespaces_.emplace(one.namespaces, ReadNamespaces({one.namespaces})).first;
    }
    if (found->second) {
      files.namespaces = std::make_shared<const policy::NamespaceStates>(*found->second);
    } else {
      mistakes.push_back(found->second.error());
    }
  }
  return files;
}

CaseResult CaseRunner::Run(const PolicyCase& one, int64_t today_seconds) {
  CaseResult result;
  result.name = one.name;
  Expectation expectation;
  if (const auto text = ReadInput(one.expect); !text) {
    result.mistakes.push_back(text.error());
  } else {
    auto read = ReadExpectation(*text, one.expect);
    if (auto* wrong = std::get_if<Mistakes>(&read)) {
      std::move(wrong->begin(), wrong->end(), std::back_inserter(result.mistakes));
    } else {
      expectation = std::get<Expectation>(std::move(read));
    }
  }
  result.description = expectation.description;
  const Files files = Read(one, result.mistakes);
  const auto documents = ReadManifestFiles(one.manifests);
  if (!documents) {
    result.mistakes.push_back(documents.error());
  } else if (documents->empty()) {
    result.mistakes.push_back({one.expect, "has no manifest beside it: put the job's there"});
  }
  if (!result.mistakes.empty()) {
    result.status = CaseStatus::kError;
    return result;
  }

  Snapshot snapshot;
  snapshot.policies = files.policies;
  snapshot.cluster = files.cluster;
  snapshot.capacity_id = CapacityId(snapshot.cluster);
  snapshot.namespaces = files.namespaces;
  snapshot.read_options = read_options_;
  snapshot.engine_version = kVersion;
  const int64_t now = expectation.now_seconds != 0 ? expectation.now_seconds : today_seconds;
  for (const Pair& pair : PairUp(expectation, Judged(*documents), result.mistakes)) {
    const auto judged = CheckDocument(*pair.document, snapshot, expectation.namespace_name, now);
    if (!judged) {
      result.mistakes.push_back(PlacedError(*pair.document, judged.error()));
      continue;
    }
    Comparison comparison = Compare(*pair.expected, judged->decision);
    if (comparison.as_expected()) continue;
    result.differences.push_back({pair.expected->place, NameOf(*pair.document, expectation),
                                  std::move(comparison.expected), std::move(comparison.got)});
  }
  result.status = !result.mistakes.empty()      ? CaseStatus::kError
                  : !result.differences.empty() ? CaseStatus::kFailed
                                                : CaseStatus::kPassed;
  return result;
}

}  // namespace ballast::webhook
