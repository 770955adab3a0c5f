"""The applications of make.py: each with one trouble, small enough to be kept.

"kept" says of which versions of Spark, by the first number ("3" where it is not said).
"""

START = """
from pyspark.sql import SparkSession
import os, time, random
spark = SparkSession.builder.getOrCreate()
sc = spark.sparkContext
"""

CLUSTER = {"spark.master": "local-cluster[2,1,1024]", "spark.executor.memory": "1g",
           "spark.executor.cores": "1"}


def compressed(codec):
    return {"spark.eventLog.compress": "true", "spark.eventLog.compression.codec": codec}


CASES = {
    # Nothing is wrong here, and nothing may be found.
    "healthy": {
        "kept": ["3", "4"],
        "conf": {"spark.sql.shuffle.partitions": "4"},
        "python": START + """
rows = spark.range(0, 200000, 1, 4).selectExpr("id", "id % 100 as k", "rand(1) as v")
print(rows.groupBy("k").sum("v").count())
print(sc.parallelize(range(10000), 4).map(lambda x: x * 2).filter(lambda x: x % 3 == 0).count())
spark.stop()
"""},
    "healthy-cluster": {
        "kept": ["4"],
        "conf": dict(CLUSTER, **{"spark.sql.shuffle.partitions": "4",
                                 "spark.eventLog.compress": "false"}),
        "python": START + """
rows = spark.range(0, 2000000, 1, 4).selectExpr("id", "id % 1000 as k", "rand(1) as v")
for _ in range(3):
    print(rows.groupBy("k").sum("v").count())
small = spark.range(0, 100).selectExpr("id as k", "id * 2 as w")
print(rows.join(small, "k").count())
spark.stop()
"""},
    "kryo-overflow": {
        "conf": {"spark.serializer": "org.apache.spark.serializer.KryoSerializer",
                 "spark.kryoserializer.buffer": "64k", "spark.kryoserializer.buffer.max": "1m"},
        "java": True},
    "driver-oom": {
        "conf": {"spark.driver.memory": "480m", "spark.driver.maxResultSize": "0",
                 "spark.master": "local-cluster[1,2,1024]", "spark.executor.memory": "1g"},
        "python": START + """
df = spark.range(0, 800000, 1, 8).selectExpr("id", "repeat(cast(id as string), 60) as text")
try:
    print(len(df._jdf.collectAsList()))
except Exception as e:
    print(str(e)[:4000])
spark.stop()
"""},
    "spill": {
        "kept": ["3", "4"],
        "conf": {"spark.master": "local-cluster[1,2,1024]", "spark.executor.memory": "640m",
                 "spark.sql.shuffle.partitions": "2", "spark.sql.adaptive.enabled": "false"},
        "python": START + """
rows = spark.range(0, 3000000, 1, 2).selectExpr("hash(id) as k", "repeat(cast(id as string), 8) as v")
print(rows.repartition(2).sortWithinPartitions("k").selectExpr("max(v)").collect()[0][0][:20])
spark.stop()
"""},
    "skew": {
        "conf": dict(compressed("snappy"), **{"spark.sql.adaptive.enabled": "false"}),
        "python": START + """
def slow(pairs):
    n = 0
    for _, values in pairs:
        for v in values:
            n += 1
            if n % 100 == 0:
                time.sleep(0.02)
    yield n
pairs = sc.parallelize(range(60000), 4).map(lambda x: (0 if x % 10 else x, x))
print(pairs.groupByKey(12).mapPartitions(slow).collect())
spark.stop()
"""},
    "large-task": {
        "kept": ["3", "4"],
        "python": START + """
print(sc.parallelize([bytes(5 << 20) for _ in range(2)], 2).map(len).sum())
spark.stop()
"""},
    "large-task-binary": {
        "java": True},
    "serialization-time": {
        "java": True},
    "shuffle-volume": {
        "python": START + """
spark.range(0, 9000000, 1, 4).selectExpr("rand(1) as v").write.parquet("numbers")
spark.read.parquet("numbers").repartition(4).write.format("noop").mode("overwrite").save()
spark.stop()
"""},
    "result-too-large": {
        "conf": dict(compressed("lzf"), **{"spark.driver.maxResultSize": "1m"}),
        "python": START + """
try:
    print(len(spark.range(0, 400000, 1, 4).selectExpr("id", "repeat('x', 20) as t").collect()))
except Exception as e:
    print(str(e)[:2000])
spark.stop()
"""},
    "deep-lineage": {
        "kept": ["3", "4"],
        "conf": {"spark.eventLog.compress": "false"},
        "python": START + """
r = sc.parallelize(range(4), 1).map(lambda x: (x, 1))
for _ in range(55):
    r = r.reduceByKey(lambda a, b: a + b, 1).map(lambda kv: (kv[0] + 1, kv[1]))
print(r.count())
spark.stop()
"""},
    "stack-overflow": {
        "java": True},
    "not-serializable": {
        "java": True},
    "class-not-registered": {
        "conf": {"spark.serializer": "org.apache.spark.serializer.KryoSerializer",
                 "spark.kryo.registrationRequired": "true"},
        "java": True},
    "executor-oom": {
        "kept": ["4"],
        "conf": {"spark.master": "local-cluster[2,2,640]", "spark.executor.memory": "640m",
                 "spark.executor.cores": "2", "spark.task.maxFailures": "2"},
        "java": True},
    "executor-killed": {
        "conf": dict(CLUSTER, **compressed("lz4")),
        "python": START + """
import subprocess
pairs = sc.parallelize(range(20000), 4).map(lambda x: (x % 10, x)).groupByKey(4)
print(pairs.count())
victims = [l.split()[0] for l in subprocess.check_output(["ps", "-eo", "pid,args"], text=True).splitlines()
           if "CoarseGrainedExecutorBackend" in l and "--executor-id 0" in l and sc.applicationId in l]
for v in victims:
    os.kill(int(v), 9)
print(pairs.map(lambda kv: len(list(kv[1]))).sum())
time.sleep(3)
print(pairs.map(lambda kv: len(list(kv[1]))).sum())
spark.stop()
"""},
    "executor-churn": {
        "kept": ["4"],
        "conf": dict(CLUSTER, **{"spark.dynamicAllocation.enabled": "true",
                                 "spark.dynamicAllocation.shuffleTracking.enabled": "true",
                                 "spark.dynamicAllocation.minExecutors": "0",
                                 "spark.dynamicAllocation.maxExecutors": "2",
                                 "spark.dynamicAllocation.executorIdleTimeout": "1s"}),
        "python": START + """
for _ in range(4):
    print(sc.parallelize(range(8), 8).map(lambda x: time.sleep(0.4) or x).sum())
    time.sleep(5)
spark.stop()
"""},
    "gc": {
        "conf": {"spark.driver.memory": "600m", "spark.master": "local[2]"},
        "driver-java": "-XX:+UseSerialGC",
        "java": True},
    "small-tasks": {
        "python": START + """
print(spark.range(0, 2000, 1, 1010).selectExpr("sum(id)").collect())
spark.stop()
"""},
    "few-tasks": {
        "conf": {"spark.master": "local[4]"},
        "python": START + """
print(sc.parallelize(range(30), 1).map(lambda x: time.sleep(0.5) or x).sum())
spark.stop()
"""},
    "idle-cores": {
        "conf": {"spark.master": "local[4]"},
        "python": START + """
for _ in range(6):
    print(sc.parallelize(range(4), 4).map(lambda x: x).sum())
    time.sleep(6)
spark.stop()
"""},
    "storage-evicted": {
        "conf": {"spark.driver.memory": "512m"},
        "python": START + """
from pyspark import StorageLevel
blocks = sc.parallelize(range(48), 6).map(lambda x: os.urandom(5 << 20)).persist(StorageLevel.MEMORY_AND_DISK)
print(blocks.count(), blocks.count())
spark.stop()
"""},
    "message-too-large": {
        "conf": dict(CLUSTER, **{"spark.rpc.message.maxSize": "1"}),
        "python": START + """
try:
    print(sc.parallelize([bytes(5 << 20) for _ in range(2)], 2).map(len).sum())
except Exception as e:
    print(str(e)[:2000])
spark.stop()
"""},
    "large-broadcast": {
        "python": START + """
b = sc.broadcast(os.urandom(24 << 20))
print(sc.parallelize(range(4), 2).map(lambda x: len(b.value)).sum())
spark.stop()
"""},
    "large-sql-broadcast": {
        "python": START + """
big = spark.range(0, 300000, 1, 2).selectExpr("id as k", "repeat(cast(id as string), 10) as t")
from pyspark.sql.functions import broadcast
print(spark.range(0, 1000, 1, 2).selectExpr("id as k").join(broadcast(big), "k").selectExpr("max(t)").collect()[0][0][:10])
small = spark.range(0, 100).selectExpr("id as k", "id as w")
print(spark.range(0, 1000, 1, 2).selectExpr("id as k").join(broadcast(small), "k").count())
spark.stop()
"""},
    "python-memory": {
        "conf": dict(CLUSTER, **{"spark.executor.pyspark.memory": "256m",
                                 "spark.executor.processTreeMetrics.enabled": "true",
                                 "spark.executor.heartbeatInterval": "1s",
                                 "spark.task.maxFailures": "2"}),
        "python": START + """
def hold(x):
    keep = [bytearray(1 << 20) for _ in range(100)]
    time.sleep(3)
    if x == 3:
        keep += [bytearray(1 << 20) for _ in range(400)]
    return len(keep)
try:
    print(sc.parallelize(range(4), 4).map(hold).collect())
except Exception as e:
    print(str(e)[:2000])
spark.stop()
"""},
    "off-heap-full": {
        "conf": {"spark.memory.offHeap.enabled": "true", "spark.memory.offHeap.size": "64m",
                 "spark.sql.shuffle.partitions": "2", "spark.sql.adaptive.enabled": "false",
                 "spark.executor.heartbeatInterval": "1s", "spark.eventLog.logStageExecutorMetrics": "true"},
        "python": START + """
rows = spark.range(0, 3000000, 1, 2).selectExpr("hash(id) as k", "repeat(cast(id as string), 6) as v")
print(rows.repartition(2).sortWithinPartitions("k").selectExpr("max(v)").collect()[0][0][:20])
spark.stop()
"""},
    "heartbeat-timeout": {
        "conf": dict(CLUSTER, **{"spark.network.timeout": "8s", "spark.network.timeoutInterval": "2s",
                                 "spark.executor.heartbeatInterval": "1s"}),
        "python": START + """
import subprocess, threading, signal
while sc._jsc.sc().statusTracker().getExecutorInfos().__len__() < 3:
    time.sleep(0.2)
def stop():
    time.sleep(4)
    for l in subprocess.check_output(["ps", "-eo", "pid,args"], text=True).splitlines():
        if "CoarseGrainedExecutorBackend" in l and "--executor-id 0" in l and sc.applicationId in l:
            os.kill(int(l.split()[0]), signal.SIGSTOP)
            threading.Timer(20, os.kill, (int(l.split()[0]), signal.SIGKILL)).start()
threading.Thread(target=stop, daemon=True).start()
print(sc.parallelize(range(16), 8).map(lambda x: time.sleep(2) or x).sum())
time.sleep(14)
spark.stop()
"""},
    "unused-memory": {
        "kept": ["4"],
        "conf": {"spark.eventLog.compress": "false",
                 "spark.master": "local-cluster[2,1,4096]", "spark.executor.memory": "4g",
                 "spark.executor.cores": "1", "spark.executor.heartbeatInterval": "1s",
                 "spark.eventLog.logStageExecutorMetrics": "true"},
        "python": START + """
rows = spark.range(0, 2000000, 1, 4).selectExpr("id % 100 as k", "rand(1) as v")
for _ in range(5):
    print(rows.groupBy("k").sum("v").count())
    print(sc.parallelize(range(8), 8).map(lambda x: time.sleep(1.5) or x).sum())
spark.stop()
"""},
    "executor-lost": {
        "conf": dict(CLUSTER),
        "java": True},
    "in-progress": {
        "python": START + """
print(sc.parallelize(range(1000), 4).map(lambda x: x).sum())
time.sleep(1)
os.kill(os.getppid(), 9)
"""},
}
