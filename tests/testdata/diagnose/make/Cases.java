// The applications of make.py that need code of the JVM.
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.SparkConf;
import scala.Tuple2;

public class Cases {
  static class Connection {
    int port = 3;
  }

  static class Reading implements java.io.Serializable {
    int id;
    Reading(int id) { this.id = id; }
  }

  public static void main(String[] args) {
    JavaSparkContext sc = new JavaSparkContext(new SparkConf());
    try {
      run(args[0], sc);
    } catch (Throwable e) {
      e.printStackTrace();
    }
    sc.stop();
  }

  // So many that the first ones, which load classes, are the fewest.
  static JavaRDD<Integer> many(JavaSparkContext sc) {
    return sc.parallelize(Arrays.asList(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12), 12);
  }

  static void run(String name, JavaSparkContext sc) throws Exception {
    JavaRDD<Integer> numbers = sc.parallelize(Arrays.asList(1, 2, 3, 4), 4);
    switch (name) {
      case "kryo-overflow":
        try {
          System.out.println(numbers.map(i -> new byte[5 << 20]).collect().size());
        } catch (Exception e) {
          e.printStackTrace();
        }
        System.out.println(numbers.aggregate(new byte[3 << 20], (a, i) -> a, (a, b) -> a).length);
        break;
      case "stack-overflow":
        JavaRDD<Integer> deep = numbers;
        for (int i = 0; i < 6000; i++) deep = deep.map(x -> x + 1);
        System.out.println(deep.count());
        break;
      case "not-serializable":
        Connection connection = new Connection();
        System.out.println(numbers.map(i -> i + connection.port).count());
        break;
      case "large-task-binary":
        HashMap<Integer, Double> table = new HashMap<>();
        for (int i = 0; i < 150_000; i++) table.put(i * 31, i * 0.37);
        System.out.println(many(sc).map(i -> i + table.size()).reduce(Integer::sum));
        break;
      case "serialization-time":
        System.out.println(many(sc).map(i -> {
          List<Reading> readings = new ArrayList<>();
          for (int k = 0; k < 150_000; k++) readings.add(new Reading(k));
          return readings;
        }).collect().size());
        break;
      case "class-not-registered":
        System.out.println(
            numbers.mapToPair(i -> new Tuple2<>(i % 2, new Reading(i))).groupByKey(2).collect().size());
        break;
      case "executor-oom":
        System.out.println(numbers.map(i -> {
          if (i != 3) {
            Thread.sleep(5000);
            return i;
          }
          List<byte[]> held = new ArrayList<>();
          for (int k = 0; k < 4000; k++) held.add(new byte[1 << 20]);
          return held.size();
        }).reduce(Integer::sum));
        break;
      case "executor-lost":
        System.out.println(sc.parallelize(Arrays.asList(1, 2, 3, 4, 5, 6, 7, 8), 8).map(i -> {
          Thread.sleep(1000);
          if (i == 5 && TaskContext.get().attemptNumber() == 0) Runtime.getRuntime().halt(3);
          return i;
        }).reduce(Integer::sum));
        break;
      case "gc":
        System.out.println(numbers.map(i -> {
          List<int[]> held = new ArrayList<>();
          int sum = 0;
          for (int k = 0; k < 4_000_000; k++) {
            held.add(new int[40]);
            sum += held.size();
            if (held.size() > 600_000) held.clear();
          }
          return sum;
        }).reduce(Integer::sum));
        break;
      default:
        throw new IllegalArgumentException(name);
    }
  }
}
