// Namespaces, ResourceQuotas and LimitRanges as the API server and kubectl show them, read into
// what rules look at; and the labels of any object.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "k8s/json_view.h"
#include "policy/namespace_state.h"
#include "policy/result.h"

namespace ballast::k8s {

// Each reads one object. An error's `where` is a JSON pointer. Limits of types that Ballast does
// not judge are left out.
policy::Result<policy::ResourceQuota> ReadResourceQuota(JsonView object);
policy::Result<policy::LimitRange> ReadLimitRange(JsonView object);
policy::Labels ReadObjectLabels(JsonView object);

// Builds the states from objects in any order. A namespace is known as soon as any object of it is;
// the objects of a namespace that names none are of `default`.
class NamespaceCollector {
 public:
  // Takes a Namespace, ResourceQuota or LimitRange, as `kind` says; false: it is of another kind,
  // and left out. (The items of a typed list do not say their kind themselves.)
  policy::Result<bool> Add(std::string_view kind, JsonView object);
  policy::NamespaceStates Take() &&;

 private:
  std::map<std::string, policy::NamespaceState, std::less<>> states_;
};

}  // namespace ballast::k8s
