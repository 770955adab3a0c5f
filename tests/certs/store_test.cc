#include "certs/store.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <string>

#include "certs/certificate.h"
#include "certs/tls_context.h"

namespace ballast::certs {
namespace {

namespace fs = std::filesystem;

constexpr int64_t kNow = 1'795'245'900;

// A folder of its own, gone at the end.
class Store : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (fs::temp_directory_path() / "ballast-store-XXXXXX").string();
    folder_ = mkdtemp(pattern.data());
  }
  void TearDown() override { fs::remove_all(folder_); }

  Ensured Ensure(int64_t now, std::vector<std::string> names = {"localhost"}) const {
    EnsureOptions options;
    options.names = std::move(names);
    options.now = now;
    return EnsureCertificates(folder_ / "state", options).value();
  }
  std::string Read(const char* name) const {
    return ReadSmallFile(folder_ / "state" / name).value();
  }

  fs::path folder_;
};

TEST_F(Store, MakesOnceAndKeeps) {
  EXPECT_EQ(Ensure(kNow), Ensured::kMadeAuthority);
  const std::string served = Read("tls.crt");
  EXPECT_TRUE(CheckPair(served, Read("tls.key")).ok());
  EXPECT_EQ(Ensure(kNow + kDay), Ensured::kKept);
  EXPECT_EQ(Read("tls.crt"), served);
}

TEST_F(Store, KeysAreReadByTheirOwnerOnly) {
  Ensure(kNow);
  for (const char* name : {"ca.key", "tls.key"}) {
    struct stat s {};
    ASSERT_EQ(stat((folder_ / "state" / name).c_str(), &s), 0);
    EXPECT_EQ(s.st_mode & 0777, 0600U) << name;
  }
}

TEST_F(Store, RenewsUnderTheSameAuthority) {
  Ensure(kNow);
  const std::string authority = Read("ca.crt");
  const std::string served = Read("tls.crt");
  EXPECT_EQ(Ensure(kNow + 300 * kDay), Ensured::kMadeServing);
  EXPECT_EQ(Read("ca.crt"), authority);
  EXPECT_NE(Read("tls.crt"), served);
}

TEST_F(Store, MakesANewOneForAnotherName) {
  Ensure(kNow);
  EXPECT_EQ(Ensure(kNow, {"localhost", "ballast.spark.svc"}), Ensured::kMadeServing);
  EXPECT_EQ(Ensure(kNow, {"localhost"}), Ensured::kKept);
}

TEST_F(Store, ReplacesWhatIsDamaged) {
  Ensure(kNow);
  const std::string authority = Read("ca.crt");
  ASSERT_TRUE(ReplaceFile(folder_ / "state" / "tls.key", "damaged", true).ok());
  EXPECT_EQ(Ensure(kNow), Ensured::kMadeServing);
  EXPECT_EQ(Read("ca.crt"), authority);
  ASSERT_TRUE(ReplaceFile(folder_ / "state" / "ca.crt", "damaged", false).ok());
  EXPECT_EQ(Ensure(kNow), Ensured::kMadeAuthority);
  EXPECT_TRUE(CheckPair(Read("ca.crt"), Read("ca.key")).ok());
}

TEST_F(Store, SaysWhichFileCannotBeWrittenOrRead) {
  const auto read = ReadSmallFile(folder_ / "none");
  EXPECT_EQ(read.error().where, (folder_ / "none").string());
  EXPECT_EQ(read.error().what, "cannot read it: No such file or directory");
  EXPECT_FALSE(ReplaceFile(folder_ / "none" / "file", "x", false).ok());
  EnsureOptions options;
  options.now = kNow;
  ASSERT_TRUE(ReplaceFile(folder_ / "file", "x", false).ok());
  EXPECT_FALSE(EnsureCertificates(folder_ / "file" / "below", options).ok());
}

TEST_F(Store, ReadsNoFileThatIsTooLong) {
  ASSERT_TRUE(ReplaceFile(folder_ / "long", std::string(101, 'x'), false).ok());
  EXPECT_TRUE(ReadSmallFile(folder_ / "long", 101).ok());
  EXPECT_EQ(ReadSmallFile(folder_ / "long", 100).error().what, "longer than 100 bytes");
}

}  // namespace
}  // namespace ballast::certs
