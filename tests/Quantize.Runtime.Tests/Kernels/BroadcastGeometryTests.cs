using Quantize.Runtime.Kernels;

namespace Quantize.Runtime.Tests.Kernels;

public sealed class BroadcastGeometryTests
{
    [Fact]
    public void Rows_pair_the_elements_that_counting_through_all_indices_does()
    {
        var random = new Random(1);
        for (int round = 0; round < 2000; round++)
        {
            int rank = random.Next(0, 6);
            int[] output = [.. Enumerable.Range(0, rank).Select(_ => random.Next(1, 4))];
            int[] a = Operand(random, output), b = Operand(random, output);
            var geometry = new BroadcastGeometry(a, b, output);
            int elements = output.Aggregate(1, (x, y) => x * y);
            Assert.Equal(elements, geometry.Rows * geometry.RowLength);
            for (int i = 0; i < elements; i++)
            {
                (int startA, int startB) = geometry.Offsets(i / geometry.RowLength);
                int step = i % geometry.RowLength;
                Assert.Equal((Index(a, output, i), Index(b, output, i)), (startA + (geometry.LengthA == 1 ? 0 : step), startB + (geometry.LengthB == 1 ? 0 : step)));
            }
        }
    }

    /// <summary>A shape that stretches to the output: some leading dimensions missing, some dimensions 1.</summary>
    private static int[] Operand(Random random, int[] output) => [.. output[random.Next(0, output.Length + 1)..].Select(dimension => random.Next(3) == 0 ? 1 : dimension)];

    private static int Index(int[] shape, int[] output, int element)
    {
        int index = 0, stride = 1;
        for (int d = output.Length - 1; d >= output.Length - shape.Length; d--)
        {
            int length = shape[d - output.Length + shape.Length];
            index += length == 1 ? 0 : element % output[d] * stride;
            stride *= length;
            element /= output[d];
        }

        return index;
    }
}
