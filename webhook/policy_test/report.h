// What came of the cases of `ballast policy test`: for people, for scripts, for CI servers.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "webhook/policy_test/run_case.h"
#include "webhook/text/terminal.h"

namespace ballast::webhook {

// A line for each case, what differs below it, and a summary.
std::string PolicyTestText(const std::vector<CaseResult>& results, const Paint& paint);

// {"apiVersion","kind":"PolicyTestReport","summary":{...},"cases":[...]}.
nlohmann::json PolicyTestJson(const std::vector<CaseResult>& results);

// JUnit's XML as Jenkins (its junit-10.xsd), GitLab and GitHub's actions read it: a testcase for
// each case, its class the folder that it lies in. Valid XML whatever the texts hold.
std::string PolicyTestJunit(const std::vector<CaseResult>& results, const std::string& folder);

}  // namespace ballast::webhook
