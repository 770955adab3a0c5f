#include "tests/service/cli_fixture.h"

#include <nlohmann/json.hpp>

namespace ballast::tests {

using nlohmann::json;

void StockTenNodes(fakes::ApiServer& server) {
  auto& store = server.store();
  for (const fakes::ResourceKey& key :
       {fakes::kNodes, fakes::kNamespaces, fakes::kDaemonSets, fakes::kResourceQuotas,
        fakes::kLimitRanges, fakes::kPolicies, fakes::kExceptions, kApplications}) {
    store.Know(key);
  }
  for (int i = 0; i < 10; ++i) {
    const std::string name = "n" + std::to_string(i);
    store.Put(fakes::kNodes, {"", name},
              {{"metadata", {{"name", name}, {"labels", {{"kubernetes.io/hostname", name}}}}},
               {"spec", json::object()},
               {"status",
                {{"allocatable", {{"cpu", "10"}, {"memory", "39Gi"}, {"pods", "110"}}},
                 {"conditions", {{{"type", "Ready"}, {"status", "True"}}}}}}});
  }
}

const std::vector<std::vector<std::string>>& EveryCommand() {
  static const std::vector<std::vector<std::string>> kCommands = {
      {},
      {"check"},
      {"explain"},
      {"capacity"},
      {"audit"},
      {"diagnose"},
      {"policy"},
      {"policy", "lint"},
      {"policy", "show"},
      {"policy", "diff"},
      {"policy", "schema"},
      {"policy", "test"},
      {"snapshot"},
      {"restore"},
      {"serve"},
      {"review"},
      {"certs"},
      {"certs", "make"},
      {"certs", "show"},
      {"demo"},
      {"completion"},
  };
  return kCommands;
}

}  // namespace ballast::tests
