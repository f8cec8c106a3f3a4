namespace Quantize.Generator;

/// <summary>The static calls: each takes a session from the pool and gives it back.</summary>
internal static class StaticCallWriter
{
    public static void Write(CodeWriter code, ClassModel model, bool hasTensors)
    {
        foreach (MethodModel method in model.Methods)
        {
            foreach (CallForm form in CallForm.All(method, hasTensors))
            {
                Documentation.WriteForm(code, form);
                if (form.TakesTensors)
                    TensorWriter.WriteCall(code, model, form, "public static ");
                else
                    WriteCall(code, model, form);
                code.Blank();
            }
        }
    }

    private static void WriteCall(CodeWriter code, ClassModel model, CallForm form)
    {
        string session = form.Method.SessionVariable;
        code.Lines($$"""
            public static {{form.Header}}
            {
            {{model.SessionType}} {{session}} = s_sessions.Rent();
            try
            {
            {{(form.Kind == CallKind.Memory ? "" : "return ")}}{{session}}.{{form.Call}};
            }
            finally
            {
            s_sessions.Return({{session}});
            }
            }
            """);
    }
}
