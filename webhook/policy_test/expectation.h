// What a user expects of a policy for a manifest: expect.yaml of a case of `ballast policy test`.
//
//   description: An executor that fits on no node is split in two.
//   date: 2026-12-01             # by which exceptions end; left out: today
//   namespace: team-a            # of objects that name none; left out: default
//   verdict: Rewritten
//   findings:                    # exactly these, in any order; left out: any
//     - {rule: executor-shape, action: Rewrite, message: two executors}
//   moreFindings: false          # true: others may be there too
//   after: {executor: {cpuMillis: 4000}, executors: {instances: 20}}
//
// Where the manifests hold several Spark objects, `documents` lists one such map for each, with its
// name (and kind and namespace where the name alone is not enough).
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "policy/result.h"

namespace ballast::webhook {

struct ExpectedFinding {
  std::string rule;
  std::string action;    // empty: any
  std::string severity;  // empty: any
  std::string message;   // a part of the text; empty: any
};

struct ExpectedDocument {
  std::string kind;            // empty: any
  std::string name;            // empty: any
  std::string namespace_name;  // empty: any
  std::string verdict;         // empty: any
  std::optional<std::vector<ExpectedFinding>> findings;
  bool more_findings = false;
  nlohmann::json after;  // parts of a decision's `after` that must be so; null: none
  std::string place;     // file:line:column
};

struct Expectation {
  std::string description;
  std::string namespace_name = "default";
  int64_t now_seconds = 0;  // 0: today
  bool many = false;        // as `documents`; else there is exactly one
  std::vector<ExpectedDocument> documents;
};

// Either the whole file or all its mistakes (never empty then); an unknown key is a mistake.
std::variant<Expectation, std::vector<policy::Error>> ReadExpectation(std::string_view text,
                                                                      const std::string& file);

}  // namespace ballast::webhook
