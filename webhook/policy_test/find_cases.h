// The cases of `ballast policy test DIR`: every folder that holds an expect.yaml.
//
//   tests/
//     policy.yaml            for all cases below that have none of their own
//     cluster.yaml           what `kubectl get nodes -o yaml` printed
//     namespaces.yaml        quotas and labels: `kubectl get namespaces,resourcequotas,limitranges`
//     fits/                  a case: its manifests are all other YAML and JSON files in it
//       job.yaml
//       expect.yaml
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "policy/result.h"

namespace ballast::webhook {

// Paths begin with DIR as the user wrote it.
struct PolicyCase {
  std::string name;                    // "team-a/fits", from DIR on
  std::string expect;                  // its expect.yaml
  std::vector<std::string> manifests;  // by name; none is a mistake that running it tells
  std::string policy;                  // the nearest, its own first; empty: none
  std::string cluster;
  std::string namespaces;
};

// In the order of their names. Mistakes are folders that cannot be read, manifests in a folder that
// expects nothing (its case would never run), and a DIR without any case.
std::variant<std::vector<PolicyCase>, std::vector<policy::Error>> FindPolicyCases(
    const std::string& folder);

}  // namespace ballast::webhook
