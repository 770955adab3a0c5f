// A SparkResourcePolicy or SparkPolicyException as the API server sends and stores it, read by the
// reader of policy files: what is a mistake in a file is one in an object, and the other way round.
#pragma once

#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "k8s/json_view.h"
#include "policy/result.h"
#include "webhook/policy_file/policy_yaml.h"
#include "webhook/policy_file/yaml_mistakes.h"
#include "webhook/policy_file/yaml_tree.h"

namespace ballast::webhook {

inline constexpr std::string_view kPolicyApiVersion = "policy.ballast.dev/v1alpha1";
inline constexpr std::string_view kPolicyKind = "SparkResourcePolicy";
inline constexpr std::string_view kExceptionKind = "SparkPolicyException";
// Who wrote what an exception asks for; Ballast alone writes it.
inline constexpr std::string_view kRequester = "ballast.dev/requester";

// Whether objects of this kind are policies or exceptions.
bool IsPolicyKind(std::string_view api_version, std::string_view kind);

// The policy or the exception (one of the two lists has one element), or all mistakes: `where` is
// "spec.limits.executor.heap.max", `what` says what is wrong there and what to write instead.
// `kind` is what the request or the collection says, since objects of a list carry none. Of
// metadata only what a policy needs is read. Bounded as a file is.
std::variant<PolicyFile, std::vector<policy::Error>> ReadPolicyObject(k8s::JsonView object,
                                                                      std::string_view kind);

// "spec.split.minHeap: ...; spec.limits: ...", cut before it is longer than `most` bytes.
std::string JoinMistakes(const std::vector<policy::Error>& mistakes, size_t most);

// One document of a file; policy_yaml.cc.
void ReadPolicyDocument(const YamlNode& document, PolicyFile& result, Mistakes& mistakes);

}  // namespace ballast::webhook
