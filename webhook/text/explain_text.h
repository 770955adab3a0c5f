// `ballast explain` for people: the memory of a pod as a tree, with what each part is for beside
// it.
#pragma once

#include <string>

#include "policy/spark_conf.h"
#include "policy/spark_memory.h"
#include "policy/spark_startup.h"
#include "policy/workload.h"
#include "webhook/text/terminal.h"

namespace ballast::webhook {

// Driver and executor of one application, then what Spark would refuse at start-up.
std::string ExplainText(const policy::Workload& workload, const Paint& paint);

}  // namespace ballast::webhook
