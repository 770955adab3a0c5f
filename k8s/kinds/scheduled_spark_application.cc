#include "k8s/kinds/scheduled_spark_application.h"

#include "k8s/kinds/application.h"
#include "k8s/kinds/dynamic_allocation.h"
#include "k8s/kinds/spark_application.h"
#include "k8s/kinds/spark_application_names.h"

namespace ballast::k8s {
namespace {

constexpr std::string_view kVersions[] = {"v1beta2"};
constexpr std::string_view kMayMake[] = {"/metadata/annotations", "/spec/template/sparkConf",
                                         "/spec/template/driver", "/spec/template/executor"};
constexpr std::string_view kScheduleNames[] = {"concurrencyPolicy", "failedRunHistoryLimit",
                                               "schedule",          "successfulRunHistoryLimit",
                                               "suspend",           "template",
                                               "timeZone"};
constexpr FieldNames kNames[] = {{"/spec", kScheduleNames},
                                 {"/spec/template", kSparkApplicationNames},
                                 {"/spec/template/driver", kSparkDriverNames},
                                 {"/spec/template/executor", kSparkExecutorNames},
                                 {"/spec/template/dynamicAllocation", kDynamicAllocationNames}};

const ApplicationLayout& Layout() {
  static const ApplicationLayout layout(SparkApplicationParts("/spec/template"));
  return layout;
}

}  // namespace

constinit const Kind kScheduledSparkApplication = ApplicationKind<Layout>(
    "sparkoperator.k8s.io", kVersions, "ScheduledSparkApplication", kMayMake, kNames);

}  // namespace ballast::k8s
