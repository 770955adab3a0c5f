#include "k8s/yaml_scalar.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>

#include "k8s/json_text.h"

namespace ballast::k8s {
namespace {

// What sigs.k8s.io/yaml 1.4.0 (YAMLToJSON of "a: TEXT") was seen to make of each text, but for "-",
// which is no plain text there. A number beyond 64 bits is printed by Go with fewer digits.
TEST(YamlScalar, ResolvesAsKubernetesDoes) {
  const std::pair<const char*, const char*> rows[] = {
      {"", "null"},
      {"~", "null"},
      {"Null", "null"},
      {"nUll", "\"nUll\""},
      {"yes", "true"},
      {"On", "true"},
      {"y", "true"},
      {"n", "false"},
      {"OFF", "false"},
      {"oN", "\"oN\""},
      {"4", "4"},
      {"+4", "4"},
      {"-4", "-4"},
      {"-", "\"-\""},
      {"1_000", "1000"},
      {"1__0", "10"},
      {"1_", "1"},
      {"_1", "\"_1\""},
      {"010", "8"},
      {"00", "0"},
      {"-0", "0"},
      {"0.0", "0"},
      {"0o17", "15"},
      {"0O17", "15"},
      {"08", "8"},
      {"-08", "-8"},
      {"0x1F", "31"},
      {"+0x1F", "31"},
      {"0x_1", "1"},
      {"0xg", "\"0xg\""},
      {"0b101", "5"},
      {"0B1", "1"},
      {"-0b101", "-5"},
      {"0x", "\"0x\""},
      {"9223372036854775807", "9223372036854775807"},
      {"18446744073709551615", "18446744073709551615"},
      {"-9223372036854775808", "-9223372036854775808"},
      {"1.5", "1.5"},
      {"4.0", "4"},
      {"1e3", "1000"},
      {"1e19", "1e+19"},
      {"1e400", "\"1e400\""},
      {".5", "0.5"},
      {"+.5", "0.5"},
      {"-.5e1", "-5"},
      {"5.", "5"},
      {".", "\".\""},
      {"1e", "\"1e\""},
      {"1.5g", "\"1.5g\""},
      {"100m", "\"100m\""},
      {"1e3Mi", "\"1e3Mi\""},
      {"4.0.4", "\"4.0.4\""},
      {"2026-11-20", "\"2026-11-20\""},
      {"12:30:45", "\"12:30:45\""},
      {"true story", "\"true story\""},
      {"<<", "\"<<\""},
  };
  for (const auto& [text, want] : rows) {
    const auto value = ResolvePlainScalar(text);
    ASSERT_TRUE(value) << text;
    EXPECT_EQ(PrintJson(*value), want) << text;
  }
}

TEST(YamlScalar, WhatJsonDoesNotHaveIsRefused) {
  for (const char* text : {".nan", ".inf", "+.Inf", "-.INF"}) {
    EXPECT_FALSE(ResolvePlainScalar(text)) << text;
  }
  EXPECT_TRUE(ResolvePlainScalar("-.nan"));  // no number to Kubernetes either, but text
}

}  // namespace
}  // namespace ballast::k8s
