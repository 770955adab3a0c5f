// The applications of operators, as far as the pods and ConfigMaps that are made for them need it:
// what was decided of each, and its labels, by which policies select; and which of Spark's kinds
// the cluster has in a version that is known. Any thread.
//
// Kept are annotations of Ballast's own, labels, and when it was written and submitted; nothing
// else of an application. Who may make applications decides how many and how large these are, so
// that both what one may take and what all may take is bounded. An application over a bound is not
// known at all: its submission is then judged anew, which gives the same, or catches it. Known
// without its labels it would be judged by other policies than those that select it, and without
// its record it would pass for one that was admitted as it is.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <set>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>

#include "k8s/json_view.h"
#include "k8s/kinds/kind.h"
#include "policy/labels.h"

namespace ballast::webhook {

struct KnownApplication {
  const k8s::Kind* kind = nullptr;
  std::string api_version;
  std::string name;
  std::string uid;
  policy::Labels labels;
  std::string original;  // ballast.dev/original: it was rewritten
  std::string planned;   // ballast.dev/planned: it is to be rewritten at its submission
  std::string decision;  // ballast.dev/decision
  // Unix time; 0: not known, or never.
  int64_t written_seconds = 0;    // its last spec, which was judged then
  int64_t submitted_seconds = 0;  // its last run, but for the one that begins just now
  size_t bytes = 0;               // of memory, about

  bool decided() const { return !original.empty() || !planned.empty(); }
};

// What became of an application that was put.
enum class Kept { kYes, kTooLarge, kFull };

class ApplicationBook {
 public:
  // `most_bytes`: of all applications together. Beside the leader's tables and the bodies in flight
  // it leaves half of the memory that the chart gives a replica.
  explicit ApplicationBook(size_t most_bytes = size_t{128} << 20) : most_bytes_(most_bytes) {}

  // As a list and a watch of one version of a kind tell it ("spark.apache.org/v1"). Versions are
  // views of the same objects.
  void ListBegins(std::string_view api_version);
  Kept Put(std::string_view api_version, k8s::JsonView object);
  void Removed(std::string_view api_version, k8s::JsonView object);
  void ListEnds(std::string_view api_version);

  // The application that a pod, or a driver's settings, with these labels was made for; nullptr
  // where it is not known.
  std::shared_ptr<const KnownApplication> FindFor(std::string_view namespace_name,
                                                  const policy::Labels& labels) const;
  size_t size() const;
  // How often an application was not kept.
  uint64_t left_out() const;

  // Names of kinds with their group, as discovery tells them: "spark.apache.org/SparkApplication".
  void SetServed(std::set<std::string> kinds);
  // Whether the API server has the kind in a version that is known, in which it then shows every
  // object of it to us. Before the first answer it is taken to have none.
  bool Serves(const k8s::Kind& kind) const;

 private:
  // With the mutex held.
  void Forget(const std::string& key);
  Kept Keep(std::string key, std::shared_ptr<const KnownApplication> known);

  const size_t most_bytes_;
  mutable std::shared_mutex mutex_;
  // By group, namespace and name: "spark.apache.org/jobs/daily".
  std::unordered_map<std::string, std::shared_ptr<const KnownApplication>> known_;
  size_t bytes_ = 0;  // of all that are known
  uint64_t left_out_ = 0;
  // What a list that goes on has brought so far and was kept, by version.
  std::unordered_map<std::string, std::unordered_set<std::string>> listed_;
  std::set<std::string> served_;
};

}  // namespace ballast::webhook
