// What the tests of the command line share: a cluster to ask, and the list of the commands.
#pragma once

#include <string>
#include <vector>

#include "tests/fakes/api_server.h"

namespace ballast::tests {

using fakes::kApplications;

// The kinds that commands ask for, and ten nodes of 10 cores and 39Gi.
void StockTenNodes(fakes::ApiServer& server);

// As a user types them; the first is the program alone.
const std::vector<std::vector<std::string>>& EveryCommand();

}  // namespace ballast::tests
