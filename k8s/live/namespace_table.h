// The namespaces of a live cluster: labels, ResourceQuotas and LimitRanges, followed object by
// object. One thread at a time.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>

#include "k8s/json_view.h"
#include "policy/namespace_state.h"
#include "policy/result.h"

namespace ballast::k8s {

// Which of the three kinds an object is.
enum class NamespaceObject { kNamespace, kQuota, kLimitRange };

class NamespaceTable {
 public:
  void ListBegins(NamespaceObject kind);
  void ListEnds(NamespaceObject kind);
  // One that cannot be read keeps what was known of it; the error says which one and why.
  std::optional<policy::Error> Put(NamespaceObject kind, JsonView object);
  void Removed(NamespaceObject kind, JsonView object);

  // Whether States() would be other than what it gave last.
  bool changed() const { return !changed_.empty(); }
  // What is known now. Namespaces that did not change are shared with what it gave before. A
  // namespace that only quotas name (it is just being deleted) is not there.
  std::shared_ptr<const policy::NamespaceStates> States();

 private:
  struct Entry {
    std::optional<policy::Labels> labels;
    std::map<std::string, policy::ResourceQuota> quotas;
    std::map<std::string, policy::LimitRange> limit_ranges;
    bool empty() const { return !labels && quotas.empty() && limit_ranges.empty(); }
  };
  // While a list comes: what was there before it and has not been put again.
  using Missing = std::set<std::pair<std::string, std::string>>;

  static std::pair<std::string, std::string> KeyOf(NamespaceObject kind, JsonView object);
  void Remove(NamespaceObject kind, const std::string& name_space, const std::string& name);
  Missing& MissingOf(NamespaceObject kind) { return missing_[static_cast<size_t>(kind)]; }

  std::map<std::string, Entry> entries_;
  std::set<std::string> changed_;
  Missing missing_[3];
  std::shared_ptr<const policy::NamespaceStates> last_ =
      std::make_shared<const policy::NamespaceStates>();
};

}  // namespace ballast::k8s
