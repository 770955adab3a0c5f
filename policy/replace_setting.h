// How a rule proposes another value for a setting: the changes, and the finding that goes with
// them. Rules run on every request, so nothing here is called before there is something to say.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "policy/rule.h"
#include "policy/spark_conf.h"

namespace ballast::policy {

// Sets `key` and takes away its old spellings, so that nothing else says the same number.
std::vector<SettingChange> ReplacementOf(const SparkConf& conf, std::string_view key,
                                         std::string value);

// A rewrite of one setting. The message is "KEY=BEFORE: WHY; use VALUE", or "KEY unset: ...".
Judgement Replace(const SparkConf& conf, std::string_view reason, Severity severity,
                  std::string_view key, std::string value, std::string_view why);

// A warning about one setting as it is written: "KEY=VALUE: WHY".
Judgement WarnAbout(const SparkConf& conf, std::string_view reason, Severity severity,
                    std::string_view key, std::string_view why);
// The same as a rejection.
Judgement RejectBecause(const SparkConf& conf, std::string_view reason, Severity severity,
                        std::string_view key, std::string_view why);

// "KEY=VALUE" under the spelling that Spark reads, or "KEY unset". A value that may hold a secret
// is not shown, here or in a finding's `before`.
std::string AsWritten(const SparkConf& conf, std::string_view key);

// The pieces joined, with one allocation.
std::string Join(std::initializer_list<std::string_view> pieces);

}  // namespace ballast::policy
