#include <gtest/gtest.h>

#include <set>
#include <string>

#include "k8s/kinds/field.h"
#include "k8s/kinds/kind.h"
#include "k8s/kinds/spark_application.h"

namespace ballast::k8s {
namespace {

TEST(Kinds, AreFoundByGroupVersionAndName) {
  EXPECT_EQ(FindKind("sparkoperator.k8s.io/v1beta2", "SparkApplication"), &kSparkApplication);
  EXPECT_EQ(FindKind("sparkoperator.k8s.io/v1beta1", "SparkApplication"), nullptr);
  EXPECT_EQ(FindKind("sparkoperator.k8s.io", "SparkApplication"), nullptr);
  EXPECT_EQ(FindKind("v1", "Pod"), nullptr);
  EXPECT_EQ(FindKind("", ""), nullptr);
}

TEST(Kinds, EachPlaceAndEachSettingStandsInTheTableOnce) {
  std::set<std::string_view> pointers, keys;
  for (const Field& field : SparkApplicationFields()) {
    EXPECT_TRUE(pointers.insert(field.pointer).second) << field.pointer;
    EXPECT_TRUE(keys.insert(field.key).second) << field.key;
    EXPECT_TRUE(kSparkApplication.may_patch(field.pointer)) << field.pointer;
  }
}

TEST(Kinds, WhatAFieldPrintsItReadsBack) {
  Texts texts;
  Mistake mistake;
  for (const Field& field : SparkApplicationFields()) {
    for (const char* text : {"1", "2147483647", "2147483648", "-1", "true", "false", "TRUE", "28g",
                             "07", "", " 1", "9223372036854775807", "9223372036854775808"}) {
      const auto printed = PrintField(field, text);
      if (!printed) continue;
      EXPECT_EQ(ReadField(field, JsonView(*printed), texts, mistake), text) << field.pointer;
    }
  }
  EXPECT_FALSE(mistake.first());
}

}  // namespace
}  // namespace ballast::k8s
