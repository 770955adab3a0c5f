#include "k8s/api/config.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "k8s/api/base64.h"
#include "k8s/api/server_address.h"

namespace ballast::k8s {
namespace {

namespace fs = std::filesystem;

class Folder {
 public:
  Folder() {
    std::string pattern = (fs::temp_directory_path() / "ballast-config-XXXXXX").string();
    path_ = mkdtemp(pattern.data());
  }
  ~Folder() { fs::remove_all(path_); }
  std::string Write(const std::string& name, const std::string& text) const {
    fs::create_directories((path_ / name).parent_path());
    std::ofstream(path_ / name) << text;
    return (path_ / name).string();
  }
  const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

constexpr const char* kGood = R"(apiVersion: v1
kind: Config
current-context: dev
contexts:
- name: dev
  context: {cluster: one, user: me, namespace: spark}
- name: other
  context: {cluster: two, user: robot}
- name: nobody
  context: {cluster: one, user: ghost}
- name: nowhere
  context: {cluster: three, user: me}
- name: cloud
  context: {cluster: one, user: cloud}
clusters:
- name: one
  cluster: {server: "https://10.0.0.1:6443", certificate-authority-data: Q0E=}
- name: two
  cluster:
    server: https://[fd00::1]:443/prefix/
    insecure-skip-tls-verify: true
    tls-server-name: kubernetes
users:
- name: me
  user: {client-certificate: tls/me.crt, client-key-data: S0VZ}
- name: robot
  user: {token: written, tokenFile: token}
- name: cloud
  user:
    exec: {command: aws, apiVersion: client.authentication.k8s.io/v1}
)";

TEST(KubeconfigTest, ReadsTheCurrentContext) {
  const Folder folder;
  const std::string file = folder.Write("config", kGood);
  const auto config = ReadKubeconfig(file, "");
  ASSERT_TRUE(config.ok()) << config.error().what;
  EXPECT_EQ(config->origin, "the context dev of " + file);
  EXPECT_EQ(config->server, "https://10.0.0.1:6443");
  EXPECT_EQ(config->namespace_name, "spark");
  EXPECT_TRUE(config->verify_certificate);
  EXPECT_EQ(config->authority, (Credential{"CA", {}}));
  EXPECT_EQ(config->client_certificate, (Credential{"", folder.path() / "tls/me.crt"}));
  EXPECT_EQ(config->client_key, (Credential{"KEY", {}}));
  EXPECT_TRUE(config->token.empty());
}

TEST(KubeconfigTest, ReadsANamedContext) {
  const Folder folder;
  const auto config = ReadKubeconfig(folder.Write("config", kGood), "other");
  ASSERT_TRUE(config.ok()) << config.error().what;
  EXPECT_EQ(config->server, "https://[fd00::1]:443/prefix/");
  EXPECT_FALSE(config->verify_certificate);
  EXPECT_EQ(config->tls_server_name, "kubernetes");
  // A file is stronger than what is written, as for kubectl.
  EXPECT_EQ(config->token, (Credential{"", folder.path() / "token"}));
  EXPECT_EQ(config->namespace_name, "default");
}

TEST(KubeconfigTest, OfSeveralFilesTheFirstThatSaysSomethingCounts) {
  const Folder folder;
  const std::string first = folder.Write("first", R"({current-context: mine,
contexts: [{name: mine, context: {cluster: one, user: me}}],
users: [{name: me, user: {token: first}}]})");
  const std::string second = folder.Write("second", kGood);
  const auto config =
      ReadKubeconfig(first + ":" + (folder.path() / "missing").string() + ":" + second, "");
  ASSERT_TRUE(config.ok()) << config.error().what;
  EXPECT_EQ(config->token.text, "first");
  EXPECT_EQ(config->server, "https://10.0.0.1:6443");
}

struct Mistake {
  std::string name;
  std::string text;     // replaces the good file where not empty
  std::string context;  // asked for
  std::string where;    // after the file's name
  std::string what;
};
void PrintTo(const Mistake& mistake, std::ostream* out) { *out << mistake.name; }

const Mistake kMistakes[] = {
    {"NoSuchContext", "", "prod", "",
     "there is no context \"prod\" (there are: dev, other, nobody, nowhere, cloud)"},
    {"NoSuchUser", "", "nobody", "", "users holds no \"ghost\""},
    {"NoSuchCluster", "", "nowhere", "", "clusters holds no \"three\""},
    {"CredentialsOfAProgram", "", "cloud", ":30:11",
     "the context \"cloud\" gets its credentials from a program (exec), which Ballast does not "
     "run: "
     "give it a token (`kubectl create token SERVICEACCOUNT`), a tokenFile or a client "
     "certificate, "
     "or name another with --context"},
    {"NoCurrentContext", "{contexts: [{name: a, context: {}}]}", "", "",
     "has no current-context: name one with --context (there are: a)"},
    {"NoYaml", "a: [b", "", ":1:1", "is not valid YAML: end of sequence flow not found"},
    {"NoMap", "- a", "", "", "is no kubeconfig: it must be a map"},
    {"NoServer",
     "{current-context: a, contexts: [{name: a, context: {cluster: b}}],\n"
     "clusters: [{name: b, cluster: {}}]}",
     "", ":2:31", "the cluster has no server"},
    {"AServerThatIsNone",
     "{current-context: a, contexts: [{name: a, context: {cluster: b}}],\n"
     "clusters: [{name: b, cluster: {server: \"ftp://x\"}}]}",
     "", ":2:40",
     "the server \"ftp://x\" is no address: write https://HOST:PORT, with brackets around IPv6"},
    {"AProxy",
     "{current-context: a, contexts: [{name: a, context: {cluster: b}}],\n"
     "clusters: [{name: b, cluster: {server: x, proxy-url: y}}]}",
     "", ":2:54",
     "proxy-url is not supported: name a server that is reached directly, or use `kubectl proxy` "
     "and a context for it"},
    {"NotBase64",
     "{current-context: a, contexts: [{name: a, context: {cluster: b}}],\n"
     "clusters: [{name: b, cluster: {server: x, certificate-authority-data: \"?\"}}]}",
     "", ":2:71", "certificate-authority-data is not base64"},
    {"ACertificateWithoutItsKey",
     "{current-context: a, contexts: [{name: a, context: {cluster: b, user: c}}],\n"
     "clusters: [{name: b, cluster: {server: x}}],\n"
     "users: [{name: c, user: {client-certificate: d}}]}",
     "", ":3:25", "a client certificate and its client key go together"},
    {"AFlagThatIsNone",
     "{current-context: a, contexts: [{name: a, context: {cluster: b}}],\n"
     "clusters: [{name: b, cluster: {server: x, insecure-skip-tls-verify: yes}}]}",
     "", ":2:69", "insecure-skip-tls-verify must be true or false"},
};

class KubeconfigMistake : public testing::TestWithParam<Mistake> {};

TEST_P(KubeconfigMistake, SaysFilePlaceAndRemedy) {
  const Folder folder;
  const std::string file =
      folder.Write("config", GetParam().text.empty() ? kGood : GetParam().text);
  const auto config = ReadKubeconfig(file, GetParam().context);
  ASSERT_FALSE(config.ok());
  EXPECT_EQ(config.error().where, file + GetParam().where);
  EXPECT_EQ(config.error().what, GetParam().what);
}

INSTANTIATE_TEST_SUITE_P(Mistakes, KubeconfigMistake, testing::ValuesIn(kMistakes),
                         [](const auto& tested) { return tested.param.name; });

TEST(InClusterConfigTest, TakesTheServiceAccount) {
  const Folder folder;
  folder.Write("token", "t\n");
  folder.Write("ca.crt", "CA");
  folder.Write("namespace", "ballast\n");
  ConfigPlaces places;
  places.service_host = "fd00::1";
  places.service_port = "443";
  places.service_account = folder.path();
  const auto found = FindApiConfig(places, {});
  ASSERT_TRUE(found.ok());
  ASSERT_TRUE(found->has_value());
  EXPECT_EQ((*found)->server, "https://[fd00::1]:443");
  EXPECT_EQ((*found)->namespace_name, "ballast");
  EXPECT_EQ((*found)->token, (Credential{"", folder.path() / "token"}));
  EXPECT_EQ((*found)->authority, (Credential{"", folder.path() / "ca.crt"}));
}

TEST(InClusterConfigTest, SaysWhenAPodHasNoToken) {
  const Folder folder;
  ConfigPlaces places;
  places.service_host = "10.0.0.1";
  places.service_account = folder.path();
  const auto found = FindApiConfig(places, {});
  ASSERT_FALSE(found.ok());
  EXPECT_EQ(found.error(),
            (policy::Error{(folder.path() / "token").string(),
                           "cannot be opened: No such file or directory: a pod needs its service "
                           "account's token (automountServiceAccountToken: true)"}));
}

TEST(FindApiConfigTest, TheFirstThatIsNamedCounts) {
  const Folder folder;
  const std::string file = folder.Write(".kube/config", kGood);
  const std::string other = folder.Write("other", kGood);
  ConfigPlaces places;
  places.home = folder.path();
  const auto origin = [&](const ConfigChoice& choice) {
    const auto found = FindApiConfig(places, choice);
    if (!found) return found.error().where + ": " + found.error().what;
    return *found ? (*found)->origin : std::string("none");
  };
  // A kubeconfig that merely lies in the home folder names no cluster.
  EXPECT_EQ(origin({}), "none");
  EXPECT_EQ(origin({"", "other"}), "the context other of " + file);
  // But as kubectl does it, also before the pod that this may run in.
  EXPECT_EQ(origin({"", "", true}), "the context dev of " + file);
  places.service_host = "10.0.0.1";
  EXPECT_EQ(origin({"", "other"}), "the context other of " + file);
  EXPECT_EQ(origin({"", "", true}), "the context dev of " + file);
  places.kubeconfig = other;
  EXPECT_EQ(origin({}), "the context dev of " + other);
  EXPECT_EQ(origin({"", "", true}), "the context dev of " + other);
  EXPECT_EQ(origin({"", "other"}), "the context other of " + other);
  EXPECT_EQ(origin({file, ""}), "the context dev of " + file);
  EXPECT_EQ(origin({"/nowhere/config", ""}),
            "/nowhere/config: cannot be opened: No such file or directory");

  // As kubectl there is always to be a cluster.
  ConfigPlaces bare;
  bare.home = "/nowhere";
  const auto none = FindApiConfig(bare, {"", "", true});
  ASSERT_FALSE(none.ok());
  EXPECT_EQ(none.error().where, "/nowhere/.kube/config");
}

struct Address {
  std::string name;
  std::string url;
  ServerAddress want;  // without text: a mistake
};
void PrintTo(const Address& address, std::ostream* out) { *out << address.name; }

const Address kAddresses[] = {
    {"Usual", "https://10.0.0.1:6443", {"10.0.0.1:6443", true, "10.0.0.1", 6443, ""}},
    {"WithoutAPort", "https://api.example", {"api.example:443", true, "api.example", 443, ""}},
    {"WithoutAScheme", "api:6443", {"api:6443", true, "api", 6443, ""}},
    {"Plain", "http://localhost:8001", {"localhost:8001", false, "localhost", 8001, ""}},
    {"Version6", "https://[::1]:6443", {"[::1]:6443", true, "::1", 6443, ""}},
    {"APath", "https://h/k8s/c-1/", {"h:443/k8s/c-1", true, "h", 443, "/k8s/c-1"}},
    {"LargestPort", "https://h:65535", {"h:65535", true, "h", 65535, ""}},
    {"OverTheLargestPort", "https://h:65536", {}},
    {"PortZero", "https://h:0", {}},
    {"NoHost", "https://:6443", {}},
    {"OpenBracket", "https://[::1", {}},
    {"AUser", "https://me@h", {}},
    {"AQuery", "https://h/?a=b", {}},
    {"ALineEnd", "https://h/a\r\nb", {}},
    {"Empty", "", {}},
};

class ServerAddressTest : public testing::TestWithParam<Address> {};

TEST_P(ServerAddressTest, IsTakenApart) {
  const auto address = ParseServerAddress(GetParam().url);
  EXPECT_EQ(address.ok(), !GetParam().want.text.empty());
  if (address.ok()) {
    EXPECT_EQ(*address, GetParam().want);
  }
}

INSTANTIATE_TEST_SUITE_P(Addresses, ServerAddressTest, testing::ValuesIn(kAddresses),
                         [](const auto& tested) { return tested.param.name; });

TEST(Base64Test, ReadsWhatItPrints) {
  for (const char* text : {"", "a", "ab", "abc", "\xff\x01 \n"}) {
    EXPECT_EQ(DecodeBase64(EncodeBase64(text)), text);
  }
  EXPECT_EQ(DecodeBase64("YWJj\n ZA==\n"), "abcd");
  for (const char* bad : {"a", "ab=c", "====", "?AAA", "YQ="}) {
    EXPECT_EQ(DecodeBase64(bad), std::nullopt) << bad;
  }
}

}  // namespace
}  // namespace ballast::k8s
