// What must hold of whatever the chart makes: who is asked, who may do what, how pods run.
#include <gtest/gtest.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <regex>
#include <set>
#include <string>
#include <vector>

#include "k8s/kinds/driver_config_map.h"
#include "k8s/kinds/kind.h"
#include "tests/helm/helm.h"

namespace ballast::tests {
namespace {

namespace fs = std::filesystem;

const char* kCases[] = {"default", "everything", "cert-manager", "secret", "small"};

// The golden file stands for what helm makes, so that these tests run without it.
std::vector<YAML::Node> Objects(const std::string& name) {
  std::vector<YAML::Node> objects;
  for (YAML::Node& node : YAML::LoadAll(ReadSource("tests/testdata/helm/" + name + "/want.yaml"))) {
    if (node.IsMap()) objects.push_back(node);
  }
  return objects;
}

std::string Text(const YAML::Node& node) { return node.as<std::string>(""); }

std::set<std::string> Texts(const YAML::Node& list) {
  std::set<std::string> texts;
  for (const YAML::Node& item : list) texts.insert(Text(item));
  return texts;
}

// Asked about pods or ConfigMaps, which the whole cluster makes.
bool OfSubmission(const YAML::Node& webhook) {
  return Texts(webhook["rules"][0]["apiGroups"]).contains("");
}

// Asked about versions that are not known of kinds that are.
bool OfUnknownVersions(const YAML::Node& webhook) {
  return Text(webhook["name"]) == "unknown-versions.ballast.dev";
}

// "spark.apache.org/v1/sparkclusters" of every kind that is judged.
std::set<std::string> Judged(bool of_submissions) {
  std::set<std::string> judged;
  for (const k8s::Kind* kind : k8s::AllKinds()) {
    if (kind->of_submission() != of_submissions) continue;
    for (const std::string_view version : kind->versions) {
      judged.insert(std::string(kind->group) + "/" + std::string(version) + "/" +
                    k8s::PluralOf(*kind));
    }
  }
  return judged;
}

std::set<std::string> Asked(const YAML::Node& webhook) {
  std::set<std::string> asked;
  for (const YAML::Node& rule : webhook["rules"]) {
    for (const std::string& group : Texts(rule["apiGroups"])) {
      for (const std::string& version : Texts(rule["apiVersions"])) {
        for (const std::string& resource : Texts(rule["resources"])) {
          asked.insert(group + "/" + version + "/" + resource);
        }
      }
    }
  }
  return asked;
}

class Safety : public testing::TestWithParam<const char*> {
 protected:
  const std::vector<YAML::Node> objects_ = Objects(GetParam());

  template <typename Visit>
  void EachOfKind(const std::string& kind, Visit visit) {
    for (const YAML::Node& object : objects_) {
      if (Text(object["kind"]) == kind) visit(object);
    }
  }
  // Pods of every kind that makes some.
  template <typename Visit>
  void EachPod(Visit visit) {
    EachOfKind("Deployment", [&](const YAML::Node& o) { visit(o, o["spec"]["template"]["spec"]); });
    EachOfKind("Job", [&](const YAML::Node& o) { visit(o, o["spec"]["template"]["spec"]); });
    EachOfKind("CronJob", [&](const YAML::Node& o) {
      visit(o, o["spec"]["jobTemplate"]["spec"]["template"]["spec"]);
    });
  }
  template <typename Visit>
  void EachWebhook(Visit visit) {
    for (const char* kind : {"MutatingWebhookConfiguration", "ValidatingWebhookConfiguration"}) {
      EachOfKind(kind, [&](const YAML::Node& object) {
        for (const YAML::Node& webhook : object["webhooks"]) visit(webhook);
      });
    }
  }
};

TEST_P(Safety, NoWebhookStandsInTheWayOfTheCluster) {
  int webhooks = 0;
  EachWebhook([&](const YAML::Node& webhook) {
    ++webhooks;
    SCOPED_TRACE(Text(webhook["name"]));
    EXPECT_LE(webhook["timeoutSeconds"].as<int>(), 10);
    EXPECT_EQ(Text(webhook["sideEffects"]), "None");
    const YAML::Node never = webhook["namespaceSelector"]["matchExpressions"][0];
    EXPECT_EQ(Text(never["key"]), "kubernetes.io/metadata.name");
    EXPECT_EQ(Text(never["operator"]), "NotIn");
    EXPECT_TRUE(Texts(never["values"]).contains("kube-system"));
    EXPECT_TRUE(Texts(never["values"]).contains("ballast"));
    const YAML::Node off = webhook["namespaceSelector"]["matchExpressions"][1];
    EXPECT_EQ(Text(off["key"]), "ballast.dev/admission");
    EXPECT_EQ(Texts(off["values"]), std::set<std::string>{"off"});
    const bool submission = OfSubmission(webhook);
    if (!submission) {
      ASSERT_GE(webhook["matchConditions"].size(), 2u);
      EXPECT_EQ(Text(webhook["matchConditions"][0]["name"]), "not-being-deleted");
    }
    for (const YAML::Node& rule : webhook["rules"]) {
      EXPECT_EQ(Texts(rule["operations"]), submission
                                               ? std::set<std::string>{"CREATE"}
                                               : (std::set<std::string>{"CREATE", "UPDATE"}));
      for (const std::string& resource : Texts(rule["resources"])) {
        EXPECT_EQ(resource.find_first_of("*/"), std::string::npos)
            << "no subresources, no wildcard";
      }
    }
  });
  EXPECT_GE(webhooks, 2);
}

// A kind that is judged but not asked about would pass; one asked about but not judged costs time.
TEST_P(Safety, AsksAboutEveryKindThatIsJudged) {
  std::set<std::string> of_submissions;
  EachWebhook([&](const YAML::Node& webhook) {
    if (Texts(webhook["rules"][0]["apiGroups"]).contains("policy.ballast.dev")) return;  // our own
    if (OfUnknownVersions(webhook)) return;
    if (OfSubmission(webhook)) {
      of_submissions.merge(Asked(webhook));
    } else {
      EXPECT_EQ(Asked(webhook), Judged(false)) << Text(webhook["name"]);
    }
  });
  EXPECT_EQ(of_submissions, Judged(true));
}

// The other versions of the same kinds, as they come, and never one that is judged: that would be
// sent twice.
TEST_P(Safety, AsksAboutUnknownVersionsOfTheSameKinds) {
  int seen = 0;
  EachWebhook([&](const YAML::Node& webhook) {
    if (!OfUnknownVersions(webhook)) return;
    ++seen;
    EXPECT_EQ(Text(webhook["failurePolicy"]), "Ignore");
    EXPECT_EQ(Text(webhook["matchPolicy"]), "Exact");
    EXPECT_EQ(Text(webhook["clientConfig"]["service"]["path"]), "/validate");
    std::set<std::string> any_version;
    for (const std::string& one : Judged(false)) {
      any_version.insert(one.substr(0, one.find('/')) + "/*" + one.substr(one.rfind('/')));
    }
    EXPECT_EQ(Asked(webhook), any_version);
    const YAML::Node condition = webhook["matchConditions"][webhook["matchConditions"].size() - 1];
    EXPECT_EQ(Text(condition["name"]), "in-no-known-version");
    const std::string expression = Text(condition["expression"]);
    std::set<std::string> but;
    static const std::regex kQuoted("\"([^\"]*)\"");
    for (std::sregex_iterator it(expression.begin(), expression.end(), kQuoted), end; it != end;
         ++it) {
      but.insert((*it)[1]);
    }
    EXPECT_TRUE(expression.starts_with("!(")) << expression;
    EXPECT_EQ(but, Judged(false));
  });
  EXPECT_EQ(seen, 1);
}

const char* const kConfigMaps[] = {
    "spark-drv-add4a0a1fc40e3c5-conf-map",
    "pi-0-spark-drv-conf-map",
    "spark-drv-0-spark-drv-conf-map",
    "spark-drv-conf-map",
    "-spark-drv-conf-map",
    "spark-drv-x-conf-map",
    "a-spark-drv-0-conf-map",
    "pi-0-spark-drv-conf-map-2",
    "spark-exec-ab61e0a1fbfbcfeb-conf-map",
    "kube-root-ca.crt",
};

// Whether one of the patterns in a condition matches the name.
bool LetsThrough(const std::string& expression, const char* name) {
  const std::regex matches(R"(matches\('([^']*)'\))");
  for (std::sregex_iterator at(expression.begin(), expression.end(), matches), end; at != end;
       ++at) {
    if (std::regex_search(name, std::regex((*at)[1].str()))) return true;
  }
  return false;
}

// Pods and ConfigMaps are what every cluster makes all day: only Spark's are sent, and none waits.
TEST_P(Safety, SubmissionsAreSparksOwnAndNeverWait) {
  int seen = 0;
  EachWebhook([&](const YAML::Node& webhook) {
    if (!OfSubmission(webhook)) return;
    ++seen;
    SCOPED_TRACE(Text(webhook["name"]));
    EXPECT_EQ(Text(webhook["failurePolicy"]), "Ignore");
    EXPECT_EQ(Text(webhook["clientConfig"]["service"]["path"]), "/mutate");
    ASSERT_EQ(webhook["rules"].size(), 1u);
    const std::set<std::string> resources = Texts(webhook["rules"][0]["resources"]);
    if (resources == std::set<std::string>{"pods"}) {
      const YAML::Node role = webhook["objectSelector"]["matchExpressions"][0];
      EXPECT_EQ(Text(role["key"]), "spark-role");
      EXPECT_EQ(Text(role["operator"]), "In");
      EXPECT_EQ(Texts(role["values"]), (std::set<std::string>{"driver", "executor"}));
    } else {
      EXPECT_EQ(resources, std::set<std::string>{"configmaps"});
      const std::string expression = Text(webhook["matchConditions"][0]["expression"]);
      EXPECT_TRUE(
          expression.ends_with("&& has(object.data) && 'spark.properties' in object.data && "
                               "'spark.kubernetes.namespace' in object.data)"));
      for (const char* name : kConfigMaps) {
        EXPECT_EQ(LetsThrough(expression, name), k8s::IsDriverConfigMapName(name)) << name;
      }
    }
  });
  EXPECT_EQ(seen, 2);
}

TEST_P(Safety, EveryPodMeetsTheRestrictedLevel) {
  int pods = 0;
  EachPod([&](const YAML::Node& object, const YAML::Node& pod) {
    ++pods;
    SCOPED_TRACE(Text(object["kind"]) + " " + Text(object["metadata"]["name"]));
    EXPECT_TRUE(pod["securityContext"]["runAsNonRoot"].as<bool>());
    EXPECT_EQ(Text(pod["securityContext"]["seccompProfile"]["type"]), "RuntimeDefault");
    for (const YAML::Node& container : pod["containers"]) {
      const YAML::Node security = container["securityContext"];
      EXPECT_FALSE(security["allowPrivilegeEscalation"].as<bool>());
      EXPECT_TRUE(security["readOnlyRootFilesystem"].as<bool>());
      EXPECT_EQ(Texts(security["capabilities"]["drop"]), std::set<std::string>{"ALL"});
      EXPECT_TRUE(container["resources"]["limits"]["memory"]);
      EXPECT_TRUE(container["resources"]["requests"]["cpu"]);
      EXPECT_FALSE(container["command"]) << "the image's own entry point; there is no shell";
    }
  });
  EXPECT_GE(pods, 2);
}

// Group/resource to verbs of what an account may do; with "#name" where it is bound to names.
std::map<std::string, std::set<std::string>> RightsOf(const std::vector<YAML::Node>& objects,
                                                      const std::string& account) {
  std::set<std::string> roles;
  for (const YAML::Node& object : objects) {
    if (!Text(object["kind"]).ends_with("Binding")) continue;
    for (const YAML::Node& subject : object["subjects"]) {
      if (Text(subject["name"]) == account) {
        roles.insert(Text(object["roleRef"]["kind"]) + Text(object["roleRef"]["name"]));
      }
    }
  }
  std::map<std::string, std::set<std::string>> rights;
  for (const YAML::Node& object : objects) {
    const std::string id = Text(object["kind"]) + Text(object["metadata"]["name"]);
    if (!roles.contains(id)) continue;
    for (const YAML::Node& rule : object["rules"]) {
      for (const std::string& resource : Texts(rule["resources"])) {
        for (const std::string& verb : Texts(rule["verbs"])) {
          rights[resource + (rule["resourceNames"] ? "#" : "")].insert(verb);
        }
      }
    }
  }
  return rights;
}

TEST_P(Safety, ServingPodsMayTouchNeitherSecretsNorWebhooks) {
  EachOfKind("Deployment", [&](const YAML::Node& deployment) {
    const auto rights =
        RightsOf(objects_, Text(deployment["spec"]["template"]["spec"]["serviceAccountName"]));
    EXPECT_FALSE(rights.empty());
    const std::set<std::string> reading = {"get", "list", "watch"};
    for (const auto& [resource, verbs] : rights) {
      EXPECT_EQ(resource.find("secrets"), std::string::npos);
      EXPECT_EQ(resource.find("webhookconfigurations"), std::string::npos);
      // Reports lie beside every team's own objects, so only who turns them on gives the right.
      if (resource == "reports") {
        EXPECT_EQ(std::string(GetParam()), "everything");
      }
      const bool own = resource.ends_with("/status") || resource == "events" ||
                       resource == "leases#" || resource == "reports";
      for (const std::string& verb : verbs) {
        EXPECT_TRUE(own || reading.contains(verb)) << resource << " " << verb;
      }
    }
  });
}

TEST_P(Safety, NoRightIsForEverything) {
  for (const char* kind : {"Role", "ClusterRole"}) {
    EachOfKind(kind, [&](const YAML::Node& role) {
      for (const YAML::Node& rule : role["rules"]) {
        SCOPED_TRACE(Text(role["metadata"]["name"]));
        EXPECT_FALSE(Texts(rule["verbs"]).contains("*"));
        EXPECT_FALSE(Texts(rule["resources"]).contains("*"));
        EXPECT_FALSE(Texts(rule["apiGroups"]).contains("*"));
        const auto resources = Texts(rule["resources"]);
        const bool dangerous = resources.contains("secrets") ||
                               resources.contains("mutatingwebhookconfigurations") ||
                               resources.contains("customresourcedefinitions");
        // Creating cannot be bound to a name.
        const bool creating = Texts(rule["verbs"]) == std::set<std::string>{"create"};
        EXPECT_TRUE(!dangerous || rule["resourceNames"] || creating);
      }
    });
  }
}

// A hook's account is gone when the hook is done.
TEST_P(Safety, HooksLeaveNothingBehind) {
  for (const YAML::Node& object : objects_) {
    const YAML::Node annotations = object["metadata"]["annotations"];
    if (!annotations || !annotations["helm.sh/hook"]) continue;
    EXPECT_EQ(Text(annotations["helm.sh/hook-delete-policy"]),
              "before-hook-creation,hook-succeeded")
        << Text(object["kind"]) << " " << Text(object["metadata"]["name"]);
  }
}

TEST_P(Safety, EveryArgumentIsAnOptionOfTheProgram) {
  int arguments = 0;
  EachPod([&](const YAML::Node& object, const YAML::Node& pod) {
    std::vector<std::string> command = {BallastBinary()};
    std::set<std::string> options;
    for (const YAML::Node& argument : pod["containers"][0]["args"]) {
      const std::string text = Text(argument);
      if (text.starts_with("--")) {
        options.insert(text.substr(0, text.find('=')));
      } else {
        command.push_back(text);
      }
    }
    command.emplace_back("--help");
    const ProgramResult help = RunProgram(command);
    ASSERT_EQ(help.status, 0) << help.err;
    for (const std::string& option : options) {
      ++arguments;
      EXPECT_NE(help.out.find(option + " "), std::string::npos)
          << Text(object["metadata"]["name"]) << ": no option " << option;
    }
  });
  EXPECT_GT(arguments, 5);
}

INSTANTIATE_TEST_SUITE_P(Chart, Safety, testing::ValuesIn(kCases), [](const auto& row) {
  std::string name = row.param;
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
});

TEST(Chart, SaysOfEveryVerbWhy) {
  const std::string root = std::string(BALLAST_SOURCE_DIR) + "/helm/ballast/templates";
  static const std::regex kVerb(
      "\n +- (get|list|watch|create|update|patch|delete)( *#[^\n]*)?(?=\n)");
  int verbs = 0;
  for (const auto& entry : fs::recursive_directory_iterator(root)) {
    if (!entry.is_regular_file()) continue;
    const std::string text = ReadSource(fs::relative(entry.path(), BALLAST_SOURCE_DIR));
    for (std::sregex_iterator it(text.begin(), text.end(), kVerb), end; it != end; ++it) {
      ++verbs;
      EXPECT_TRUE((*it)[2].matched) << entry.path().filename() << ": " << (*it)[0];
    }
    EXPECT_EQ(text.find("verbs: ["), std::string::npos) << entry.path() << ": one verb a line";
  }
  EXPECT_GT(verbs, 15);
}

}  // namespace
}  // namespace ballast::tests
