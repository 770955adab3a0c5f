// What the page shows, as values: gathered in one place, rendered in another.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "webhook/page/cluster_use.h"
#include "webhook/page/recent_decisions.h"

namespace ballast::webhook {

struct ClusterFacts {
  std::string unknown;  // why nothing is known of the cluster; empty: it is known
  int64_t nodes = 0;
  ClusterUse use;
  int64_t stale_since = 0;  // Unix seconds; 0: the view is fresh
};

// How often a rule acted since this replica started.
struct RuleFacts {
  std::string_view id;
  std::string_view summary;
  int64_t warned = 0;
  int64_t rewrote = 0;
  int64_t rejected = 0;
};

struct PolicyFacts {
  std::string name = {};
  std::string mode = {};
  int64_t priority = 0;
  std::string state = {};               // "in force", "generation 3 has mistakes; ..."
  bool good = true;                     // nothing is wrong with it
  std::vector<std::string> wrong = {};  // its mistakes
  int64_t admitted = 0, rewritten = 0, rejected = 0;  // by this replica since it started
};

struct ExceptionFacts {
  std::string namespace_name, name;
  std::string rules;  // "kryo-buffer, settings"
  int64_t ends = 0;   // Unix seconds
};

// What became of a text that was pasted in.
struct ExplainedDocument {
  std::string title;    // "SparkApplication team-a/job"
  std::string verdict;  // "Rewritten"
  std::vector<std::string> findings;
  std::string before, after;  // sizes in brief; the same where nothing changes
  std::string memory;         // the tree of `ballast explain`
};
struct Explanation {
  std::string manifest;               // what was pasted
  std::vector<std::string> mistakes;  // with their places
  std::vector<ExplainedDocument> documents;
  size_t left_out = 0;  // documents that were too many
};

struct PageFacts {
  int64_t now = 0;  // Unix seconds
  std::string version;
  std::string replica;
  bool leads = false;
  int64_t started = 0;
  ClusterFacts cluster;
  std::vector<RecentDecision> decisions;  // the newest first
  size_t most_decisions = 0;              // that are kept
  std::vector<RuleFacts> rules;           // those that acted, the busiest first
  std::vector<PolicyFacts> policies;
  std::vector<ExceptionFacts> exceptions;
  int64_t certificate_ends = 0;
  std::optional<Explanation> explanation;  // of a text that was sent with this request
};

}  // namespace ballast::webhook
