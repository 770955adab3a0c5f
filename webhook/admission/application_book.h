// The applications of an operator, as far as the pods and ConfigMaps that are made for them need
// it: what was decided of each, and its labels, by which policies select. Any thread.
//
// Kept are annotations of Ballast's own, labels, and when its spec was written; nothing else of it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>

#include "k8s/json_view.h"
#include "policy/labels.h"

namespace ballast::webhook {

// The label of pods, and of a driver's settings, that names the application they belong to.
inline constexpr std::string_view kApplicationLabel = "sparkoperator.k8s.io/app-name";

struct KnownApplication {
  std::string name;
  std::string uid;
  policy::Labels labels;
  std::string original;         // ballast.dev/original: it was rewritten
  std::string planned;          // ballast.dev/planned: it is to be rewritten at its submission
  std::string decision;         // ballast.dev/decision
  int64_t written_seconds = 0;  // Unix time of its last spec, which was judged then; 0: not known

  bool decided() const { return !original.empty() || !planned.empty(); }
};

class ApplicationBook {
 public:
  // As a list and a watch tell it.
  void ListBegins();
  void Put(k8s::JsonView object);
  void Removed(k8s::JsonView object);
  void ListEnds();

  // nullptr where it is not known.
  std::shared_ptr<const KnownApplication> Find(std::string_view namespace_name,
                                               std::string_view name) const;
  size_t size() const;

 private:
  mutable std::shared_mutex mutex_;
  std::unordered_map<std::string, std::shared_ptr<const KnownApplication>> known_;  // "jobs/daily"
  std::unordered_set<std::string> listed_;
  bool listing_ = false;
};

}  // namespace ballast::webhook
